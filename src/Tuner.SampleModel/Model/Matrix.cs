using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tuner.SampleModel.Model;

/// <summary>
/// A row-major window on an array: <paramref name="Rows"/> rows of <paramref name="Width"/> values, the first at
/// <paramref name="Offset"/>, consecutive rows <paramref name="Stride"/> values apart.
/// </summary>
internal readonly record struct Matrix<T>(T[] Values, int Offset, int Rows, int Width, int Stride)
    where T : unmanaged
{
    public static Matrix<T> Create(int rows, int width) => new(new T[rows * width], 0, rows, width, width);

    public Span<T> Row(int row) => Values.AsSpan(Offset + (row * Stride), Width);

    public Matrix<T> TakeRows(int first, int rows) => this with { Offset = Offset + (first * Stride), Rows = rows };

    /// <summary>The first value of a row, for kernels that have called <see cref="CheckProduct"/>.</summary>
    public ref T Start(int row) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Values), Offset + (row * Stride));

    /// <summary>
    /// Guards the kernels of c[., from..to] = this · otherᵀ, which read whole vectors without further checks;
    /// throws <see cref="ArgumentException"/> with the sizes.
    /// </summary>
    public void CheckProduct<TOther>(Matrix<TOther> other, int lanes, int to)
        where TOther : unmanaged
    {
        if (Width != other.Width || Width % lanes != 0 || to > other.Rows || !Fits || !other.Fits)
        {
            throw new ArgumentException($"product of {Rows} x {Width} and {other.Rows} x {other.Width} up to row {to}: "
                + $"both need the same width, a multiple of {lanes}, within their arrays");
        }
    }

    private bool Fits => Rows == 0 || Offset + ((Rows - 1) * Stride) + Width <= Values.Length;
}
