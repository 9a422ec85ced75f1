using System.Security.Cryptography;
using Tuner.SampleModel.Model;

namespace Tuner.SampleModel.Training;

/// <summary>What a training run did, kept beside the weights: how to repeat it, and how to see that a repeat is the same.</summary>
/// <param name="TrainImages">Images trained on.</param>
/// <param name="TestImages">Images set aside for the accuracies.</param>
/// <param name="AccuracyFp32">Share of the test images classified rightly with 32-bit floats.</param>
/// <param name="AccuracyInt8">The same with 8-bit weights.</param>
/// <param name="EpochSha256">SHA-256 (hexadecimal) of the weights file after each epoch.</param>
internal sealed record TrainingRecord(
    TrainingPlan Plan, int TrainImages, int TestImages, double AccuracyFp32, double AccuracyInt8, IReadOnlyList<string> EpochSha256)
{
    /// <summary>The accuracy measured with that precision.</summary>
    public double Accuracy(Precision precision) => precision == Precision.Int8 ? AccuracyInt8 : AccuracyFp32;

    public static string Sha256(NetworkWeights weights)
    {
        using var file = new MemoryStream();
        weights.Write(file);
        return Convert.ToHexStringLower(SHA256.HashData(file.GetBuffer().AsSpan(0, (int)file.Length)));
    }
}
