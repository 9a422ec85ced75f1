namespace Tuner.SampleModel.Tests.Training;

/// <summary>Runs only where TUNER_FULL_TRAINING=1: about half a minute on two idle cores. The first epochs are compared always.</summary>
public sealed class FullTrainingFactAttribute : FactAttribute
{
    public FullTrainingFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("TUNER_FULL_TRAINING") != "1")
        {
            Skip = "half a minute on two cores: set TUNER_FULL_TRAINING=1 to train all epochs";
        }
    }
}
