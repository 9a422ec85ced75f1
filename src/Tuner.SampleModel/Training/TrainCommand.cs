using System.Text.Json;
using Tuner.SampleModel.Model;

namespace Tuner.SampleModel.Training;

/// <summary><c>train --data digits.csv.gz --out FOLDER</c>: makes the weights and the record of how they were made.</summary>
internal static class TrainCommand
{
    public const string Help = """
        Tuner.SampleModel train [--data FILE] [--out FOLDER] [--seed N] [--epochs N]

        Trains the network and writes digits.weights and digits.training.json into FOLDER.
          --data FILE    gzipped lines of 64 pixels and a label (default: the images in this program)
          --out FOLDER   where to write (default: the current folder)
          --seed N       chooses split, first weights and order (default: 42, as shipped)
          --epochs N     passes over the images, 1 to 1000 (default: 16, as shipped)
        """;

    public static int Run(IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        var (choice, error) = TrainChoice.Read(args);
        if (choice is null)
        {
            Console.Error.WriteLine(error);
            return ExitCodes.BadInput;
        }

        Train(choice, cancellationToken);
        return ExitCodes.Success;
    }

    private static void Train(TrainChoice choice, CancellationToken cancellationToken)
    {
        var plan = choice.Plan;
        var (train, test) = Read(choice.Data).Split(plan.Seed);
        var trainer = new Trainer(plan, train);
        var hashes = new List<string>();
        for (var epoch = 1; epoch <= plan.Epochs; epoch++)
        {
            var loss = trainer.RunEpoch(cancellationToken);
            hashes.Add(TrainingRecord.Sha256(trainer.Weights));
            Console.WriteLine($"epoch {epoch} of {plan.Epochs}: mean loss {loss:F4}, weights {hashes[^1][..12]}");
        }

        var record = new TrainingRecord(
            plan,
            train.Count,
            test.Count,
            AccuracyTest.Measure(trainer.Weights, Precision.Fp32, test),
            AccuracyTest.Measure(trainer.Weights, Precision.Int8, test),
            hashes);
        Directory.CreateDirectory(choice.Out);
        using (var file = File.Create(Path.Combine(choice.Out, "digits.weights")))
        {
            trainer.Weights.Write(file);
        }

        File.WriteAllText(
            Path.Combine(choice.Out, "digits.training.json"),
            JsonSerializer.Serialize(record, TrainingJson.Default.TrainingRecord) + "\n");
        Console.WriteLine($"accuracy on {test.Count} images set aside: fp32 {record.AccuracyFp32:F4}, int8 {record.AccuracyInt8:F4}");
    }

    private static DigitSet Read(string? path)
    {
        if (path is null)
        {
            return ShippedModel.ReadData();
        }

        using var stream = File.OpenRead(path);
        return DigitSet.Read(stream);
    }
}
