using System.Text.Json;
using Tuner.Core.Api;
using Tuner.Core.Definitions;
using Tuner.Core.Sweeps;
using Tuner.Service.Api;

namespace Tuner.Cli;

/// <summary>A plan for programs; the same that the service answers a dry run with.</summary>
internal static class PlanJson
{
    private static readonly JsonSerializerOptions Indented = new(ApiJson.Options) { WriteIndented = true, NewLine = "\n" };

    public static string Of(Sweep sweep, SweepPreview preview, MachineCapacity machine, IEnumerable<DefinitionProblem> warnings) =>
        JsonSerializer.Serialize(PlanViews.Of(sweep, preview, machine, warnings), Indented) + "\n";
}
