namespace Tuner.Core.Space;

/// <summary>How the values of a numeric parameter are spaced: evenly, or by a constant factor.</summary>
public enum Scale
{
    Linear,
    Log2,
    Log10,
}
