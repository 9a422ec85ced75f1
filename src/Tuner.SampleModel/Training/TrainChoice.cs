namespace Tuner.SampleModel.Training;

/// <summary>What the command line of <c>train</c> asks for.</summary>
/// <param name="Data">A file, or null for the images in this program.</param>
/// <param name="Out">The folder to write to.</param>
internal sealed record TrainChoice(TrainingPlan Plan, string? Data, string Out)
{
    /// <summary>Returns the choice, or null and what is wrong.</summary>
    public static (TrainChoice? Choice, string? Error) Read(IReadOnlyList<string> args)
    {
        var choice = new TrainChoice(new TrainingPlan(), null, ".");
        for (var i = 0; i < args.Count; i += 2)
        {
            if (i + 1 == args.Count)
            {
                return (null, $"{args[i]}: a value is missing. Write {args[i]} VALUE; train --help lists the options.");
            }

            var value = args[i + 1];
            switch (args[i])
            {
                case "--data" when File.Exists(value):
                    choice = choice with { Data = value };
                    break;
                case "--data":
                    return (null, $"--data: there is no file '{value}'. Name a gzipped file of 64 pixels and a label a line.");
                case "--out":
                    choice = choice with { Out = value };
                    break;
                case "--seed" when int.TryParse(value, out var seed):
                    choice = choice with { Plan = choice.Plan with { Seed = seed } };
                    break;
                case "--epochs" when int.TryParse(value, out var epochs) && epochs is >= 1 and <= 1000:
                    choice = choice with { Plan = choice.Plan with { Epochs = epochs } };
                    break;
                case "--seed":
                    return (null, $"--seed: '{value}' is not a whole number. Give one, such as 42.");
                case "--epochs":
                    return (null, $"--epochs: '{value}' is not from 1 to 1000. Give a whole number in that range.");
                default:
                    return (null, $"{args[i]}: no such option of train. train --help lists them.");
            }
        }

        return (choice, null);
    }
}
