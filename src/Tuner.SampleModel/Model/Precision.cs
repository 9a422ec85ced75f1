namespace Tuner.SampleModel.Model;

/// <summary>What the weights are when they are multiplied: 32-bit floats, or 8-bit integers with a scale for each row.</summary>
internal enum Precision
{
    Fp32,
    Int8,
}
