namespace Tuner.Core.Gate;

/// <summary>What the gate says of a night, in the order of how bad it is.</summary>
public enum GateVerdict
{
    /// <summary>Nothing is worse beyond noise.</summary>
    Pass,

    /// <summary>Something may be worse, or could not be told; worth a look, not worth stopping for.</summary>
    Warning,

    /// <summary>The configuration is worse, surely and by enough to matter.</summary>
    Fail,
}
