namespace Tuner.SampleModel.Model;

/// <summary>
/// The sizes of the recurrent network. It reads an image in sixteen steps, the eight rows and then the eight columns,
/// eight pixels at a time; what it has seen so far is its state. Every step multiplies the state by the same matrix, so a
/// single image streams that matrix through the processor sixteen times, and a batch shares each pass.
/// </summary>
internal static class NetworkShape
{
    public const int Hidden = 768;
    public const int Side = 8;
    public const int Steps = 2 * Side;

    /// <summary>Pixels of a row, pixels of a column, and zeros up to a whole number of vectors.</summary>
    public const int PixelWidth = 32;

    /// <summary>The input of a step: the state, then the pixels.</summary>
    public const int StepWidth = Hidden + PixelWidth;

    /// <summary>Ten classes and zeros up to a multiple of three (rows that the kernels take at a time).</summary>
    public const int Outputs = 12;

    /// <summary>Writes the pixels that a step sees, scaled to -1 … 1, into the <see cref="PixelWidth"/> values after the state.</summary>
    public static void Show(ReadOnlySpan<float> image, int step, Span<float> pixels)
    {
        pixels.Clear();
        for (var i = 0; i < Side; i++)
        {
            if (step < Side)
            {
                pixels[i] = Centre(image[(step * Side) + i]);
            }
            else
            {
                pixels[Side + i] = Centre(image[(i * Side) + step - Side]);
            }
        }
    }

    private static float Centre(float pixel) => (Math.Clamp(pixel, 0f, DigitSet.Darkest) / 8f) - 1f;
}
