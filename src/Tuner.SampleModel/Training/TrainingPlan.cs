namespace Tuner.SampleModel.Training;

/// <summary>Everything that decides the weights, apart from the data.</summary>
internal sealed record TrainingPlan
{
    public int Seed { get; init; } = 42;

    public int Epochs { get; init; } = 16;

    public int Batch { get; init; } = 32;

    /// <summary>The first learning rate; it falls linearly to nothing.</summary>
    public float Rate { get; init; } = 1e-3f;

    public float Decay { get; init; } = 0.05f;

    /// <summary>Largest norm of a gradient.</summary>
    public float Clip { get; init; } = 1f;

    /// <summary>Largest change of a pixel (of 16) that training makes up.</summary>
    public float Noise { get; init; } = 3f;
}
