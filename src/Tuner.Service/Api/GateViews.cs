using Tuner.Core.Api;
using Tuner.Service.Gate;

namespace Tuner.Service.Api;

/// <summary>Gates as the API and the command tell of them.</summary>
public static class GateViews
{
    public static GateView Of(ListedGate gate) => new()
    {
        Project = gate.Project,
        Name = gate.Name,
        Accepted = [.. gate.Accepted.Candidate.Values.Select(pair => new ParameterSetting(pair.Key, pair.Value.Text))],
        Sweep = gate.Accepted.Sweep.Value,
        AcceptedAt = gate.Accepted.At,
        Verdict = gate.LastNight is { } night ? SweepViews.Word(night.Verdict) : null,
        VerdictReason = gate.LastNight?.Reason,
        Night = gate.LastNight?.Sweep.Value,
        NightAt = gate.LastNight?.At,
    };
}
