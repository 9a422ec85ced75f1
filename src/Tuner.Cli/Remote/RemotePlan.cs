using System.Collections.Immutable;
using System.Text;
using Tuner.Client;
using Tuner.Core.Api;
using Tuner.Service.Definitions;

namespace Tuner.Cli.Remote;

/// <summary>
/// What a service says of a definition, which it plans and does not store: where <c>--url</c> names one, or where
/// <c>TUNER_URL</c> does and the target is one that services know by name.
/// </summary>
internal static class RemotePlan
{
    public static bool IsWanted(SweepReading reading, string? url) =>
        reading.Submission is not null && (url is not null || (reading.UnknownTarget is not null && ServiceConnection.IsNamed));

    /// <summary>The plan, or what is wrong with the definition; neither where the service could not be asked, which is told then.</summary>
    public static async Task<RemoteAnswer> AskAsync(SweepReading reading, string? url, TextWriter error, CancellationToken cancellationToken)
    {
        PlanView? plan = null;
        ImmutableArray<ApiError> problems = [];
        var code = await ServiceConnection.WithAsync(url, error, async client =>
        {
            try
            {
                plan = await client.Api.PlanAsync(SubmitCommand.Body(reading.Submission!), project: null, cancellationToken);
                return ExitCode.Ok;
            }
            catch (TunerApiException exception) when (!exception.Problem.Errors.IsEmpty)
            {
                problems = exception.Problem.Errors;
                return ExitCode.BadInput;
            }
        });
        return new RemoteAnswer(code, plan, problems);
    }

    public static string Text(PlanView plan)
    {
        var text = new StringBuilder();
        text.AppendLine($"{plan.Sweep}: {plan.Candidates.Measurable ?? "countless"} candidates to be measured, at most {plan.Estimate.Trials} trials of {plan.Estimate.TrialSeconds:0.#} s, at most {TimeSpan.FromSeconds(plan.Estimate.WallTimeSeconds)}");
        text.AppendLine($"{plan.Estimate.CheapestPerHour:0.####} to {plan.Estimate.DearestPerHour:0.####} {plan.Estimate.Currency} per hour and candidate, at most {plan.Estimate.MostMoney:0.####} {plan.Estimate.Currency} in all{(plan.Estimate.Notional ? " (notional: local processes)" : "")}");
        text.AppendLine($"on the service's machine: {plan.Machine.Cores} cores, {plan.Machine.GeneratorCores} of them for the load, {plan.Machine.Enforcement}");
        foreach (var excluded in plan.Candidates.Excluded)
        {
            text.AppendLine($"{excluded.Count} left out: {excluded.Reason}");
        }

        if ((plan.Baseline ?? plan.First) is { Command: { } command })
        {
            text.AppendLine($"starts {string.Join(' ', command)}");
        }

        if (plan.Schedule is { } schedule)
        {
            text.AppendLine($"again at {schedule.Cron} in {schedule.TimeZone}");
        }

        foreach (var warning in plan.Warnings)
        {
            text.AppendLine($"warning: {warning}");
        }

        if (plan.Impossible is { } impossible)
        {
            text.AppendLine($"impossible: {impossible}");
        }

        return text.ToString();
    }
}

/// <param name="Code">What the command ends with.</param>
/// <param name="Plan">Null where the definition is not valid, or nobody answered.</param>
/// <param name="Problems">What the service found wrong; to be told by whoever asked.</param>
internal sealed record RemoteAnswer(int Code, PlanView? Plan, ImmutableArray<ApiError> Problems);
