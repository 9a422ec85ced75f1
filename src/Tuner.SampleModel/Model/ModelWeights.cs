namespace Tuner.SampleModel.Model;

/// <summary>Weights ready to be multiplied, in one of the two precisions.</summary>
internal abstract record ModelWeights
{
    public static ModelWeights Create(NetworkWeights weights, Precision precision) => precision switch
    {
        Precision.Fp32 => new FloatWeights(weights),
        Precision.Int8 => new Int8Weights(
            QuantizedMatrix.From(weights.Step), weights.StepBias, QuantizedMatrix.From(weights.Output), weights.OutputBias),
        _ => throw new ArgumentOutOfRangeException(nameof(precision)),
    };
}

/// <summary>32-bit floats, as trained.</summary>
internal sealed record FloatWeights(NetworkWeights Weights) : ModelWeights;

/// <summary>8-bit integers; biases stay floats.</summary>
internal sealed record Int8Weights(QuantizedMatrix Step, float[] StepBias, QuantizedMatrix Output, float[] OutputBias) : ModelWeights;
