using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Tuner.Core.Api;

namespace Tuner.Cli.Remote;

/// <summary>What a service tells, in lines for a person.</summary>
internal static class RemoteText
{
    public static string Of(SweepView sweep)
    {
        var asked = sweep.Request is { } request ? $" (asked to {request})" : "";
        return $"{sweep.Id}  {sweep.State}{asked}: {sweep.Reason}{(sweep.Progress is { } progress ? $"  {Of(progress)}" : "")}";
    }

    public static string Of(SweepProgress progress)
    {
        var trials = progress.MostTrials is { } most ? $"{progress.Trials} of at most {most} trials" : $"{progress.Trials} trials";
        var best = progress.Best is { } key ? string.Create(CultureInfo.InvariantCulture, $"best so far {key} at {progress.BestCost ?? $"{progress.BestPerHour:0.####} {progress.Currency} per hour"}") : "none met yet";
        return string.Create(CultureInfo.InvariantCulture, $"{trials}, {progress.Money:0.####} {progress.Currency} spent, {best}");
    }

    public static string Of(TrialView trial)
    {
        var candidate = string.Join(' ', trial.Candidate.Select(setting => $"{setting.Name}={setting.Value}"));
        return $"trial {trial.Number,3}  {trial.Purpose,-12}  {trial.State}{(trial.HasEnded ? Outcome(trial) : "")}  {candidate}";
    }

    public static string Of(RecommendationView answer)
    {
        // A night of the gate searched for nothing: it has no recommendation to follow.
        if (answer.Gate is { } gate)
        {
            return $"\n{answer.Sweep}: gate: {gate.Verdict}: {gate.Reason}\n";
        }

        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"\n{answer.Sweep}: {answer.Headline}\n");
        if (!answer.Winner.IsEmpty)
        {
            text.Append(CultureInfo.InvariantCulture, $"Winner   {Settings(answer.Winner)}\nCost     {answer.CostPerHour:0.####} {answer.Currency} per hour{(answer.Saving is { } saving ? string.Create(CultureInfo.InvariantCulture, $", {saving:0.#%} less than the baseline") : "")}\n");
        }

        foreach (var slo in answer.Slos)
        {
            text.Append(CultureInfo.InvariantCulture, $"SLO      {slo.Slo}: {slo.Verdict}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"{answer.Advice}\n");
        foreach (var caveat in answer.Caveats)
        {
            text.Append(CultureInfo.InvariantCulture, $"Note     {caveat}\n");
        }

        return text.ToString();
    }

    /// <summary>Sweeps as a table.</summary>
    public static string Table(ImmutableArray<SweepView> sweeps)
    {
        if (sweeps.IsEmpty)
        {
            return "No sweeps.\n";
        }

        var width = Math.Max(5, sweeps.Max(sweep => sweep.Id.Length));
        var text = new StringBuilder($"{"SWEEP".PadRight(width)}  {"PROJECT",-12}  {"STATE",-9}  {"CREATED",-20}  REASON\n");
        foreach (var sweep in sweeps)
        {
            text.Append(CultureInfo.InvariantCulture, $"{sweep.Id.PadRight(width)}  {sweep.Project,-12}  {sweep.State,-9}  {sweep.CreatedAt:yyyy-MM-ddTHH:mm:ssZ}  {sweep.Reason}\n");
        }

        return text.ToString();
    }

    private static string Outcome(TrialView trial)
    {
        var slos = trial.Measurement is { } measurement ? "  " + string.Join("  ", measurement.Slos.Select(slo => $"{slo.Slo}: {slo.Verdict}")) : "";
        return trial.Reason.Length > 0 ? $"{slos}  ({trial.Reason})" : slos;
    }

    private static string Settings(ImmutableArray<ParameterSetting> settings) => string.Join(' ', settings.Select(setting => $"{setting.Name}={setting.Value}"));
}
