using Tuner.Core.Sweeps;

namespace Tuner.Service.Definitions;

/// <summary>A sweep's preview that also knows whether its first candidate can be rendered: what no Workflow can hold is not begun.</summary>
public static class RenderedPreview
{
    public static SweepPreview Of(Sweep sweep, MachineCapacity machine)
    {
        var preview = SweepPreview.Of(sweep, machine);
        return preview is { Impossible: null, Space.First: { } first } && FirstWorkflow.Refusal(sweep, first) is { } refusal ? preview with { Impossible = refusal } : preview;
    }
}
