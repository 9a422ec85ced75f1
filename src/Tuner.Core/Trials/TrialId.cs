namespace Tuner.Core.Trials;

/// <summary>A trial's identity, <c>SWEEP-NUMBER</c>: everything a trial starts carries this name, so that a repeat after a crash finds it.</summary>
public readonly record struct TrialId(string Value)
{
    public override string ToString() => Value;
}
