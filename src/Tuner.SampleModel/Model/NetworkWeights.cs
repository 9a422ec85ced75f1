using System.Runtime.InteropServices;

namespace Tuner.SampleModel.Model;

/// <summary>The parameters of the recurrent network as 32-bit floats; the file is a header and the four arrays, little-endian.</summary>
/// <param name="Step">From state and pixels to the next state: Hidden x StepWidth.</param>
/// <param name="StepBias">Hidden values.</param>
/// <param name="Output">From the last state to the logits: Outputs x Hidden.</param>
/// <param name="OutputBias">Outputs values.</param>
internal sealed record NetworkWeights(Matrix<float> Step, float[] StepBias, Matrix<float> Output, float[] OutputBias)
{
    private static ReadOnlySpan<byte> Magic => "DIGITS01"u8;

    public IEnumerable<float[]> Arrays => [Step.Values, StepBias, Output.Values, OutputBias];

    public static NetworkWeights Empty() => new(
        Matrix<float>.Create(NetworkShape.Hidden, NetworkShape.StepWidth),
        new float[NetworkShape.Hidden],
        Matrix<float>.Create(NetworkShape.Outputs, NetworkShape.Hidden),
        new float[NetworkShape.Outputs]);

    /// <summary>Throws <see cref="InvalidDataException"/> when the stream is not such a file.</summary>
    public static NetworkWeights Read(Stream stream)
    {
        Span<byte> magic = stackalloc byte[Magic.Length];
        if (stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) != magic.Length || !magic.SequenceEqual(Magic))
        {
            throw new InvalidDataException("the weights do not begin with DIGITS01: not a weights file of this program");
        }

        var weights = Empty();
        foreach (var array in weights.Arrays)
        {
            stream.ReadExactly(MemoryMarshal.AsBytes(array.AsSpan()));
        }

        return weights;
    }

    public void Write(Stream stream)
    {
        stream.Write(Magic);
        foreach (var array in Arrays)
        {
            stream.Write(MemoryMarshal.AsBytes(array.AsSpan()));
        }
    }
}
