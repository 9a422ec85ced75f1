using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tuner.Core.Api;
using Tuner.Core.Measurements;
using Tuner.Core.Trials;
using Tuner.Service.Access;
using Tuner.Service.Storage;

namespace Tuner.Service.Api;

/// <summary>Trials of a sweep: their numbers, what the candidate said, and how it was started.</summary>
internal static class TrialsApi
{
    private const int MostTrials = 500;

    public static void MapTrials(this IEndpointRouteBuilder api)
    {
        var trials = api.MapGroup("/sweeps/{id}/trials").WithTags("Trials");
        trials.MapGet("/", ListAsync).WithName("ListTrials").WithSummary("Trials by number, with their measurements in short").Refuses(StatusCodes.Status404NotFound);
        trials.MapGet("/{number:int}", GetAsync).WithName("GetTrial").WithSummary("One trial").Refuses(StatusCodes.Status404NotFound);
        trials.MapGet("/{number:int}/measurement", MeasurementAsync).WithName("GetMeasurement").WithSummary("The whole measurement, second by second; 'tuner load merge' reads it")
            .Produces(StatusCodes.Status200OK, contentType: "application/json").Refuses(StatusCodes.Status404NotFound);
        trials.MapGet("/{number:int}/log", LogAsync).WithName("GetTrialLog").WithSummary("The end of a failed candidate's log, secrets hidden")
            .Produces<string>(StatusCodes.Status200OK, "text/plain").Refuses(StatusCodes.Status404NotFound);
        trials.MapGet("/{number:int}/command", CommandAsync).WithName("GetTrialCommand").WithSummary("How its candidate is started, ready to paste into a shell; secrets hidden")
            .Produces<string>(StatusCodes.Status200OK, "text/plain").Refuses(StatusCodes.Status404NotFound);
        trials.MapGet("/{number:int}/history", HistoryAsync).WithName("GetTrialHistory").WithSummary("Every change of its state, oldest first").Refuses(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<Ok<Page<TrialView>>, ProblemHttpResult>> ListAsync(
        string id, SweepLookup sweeps, Caller caller, 
        [Description("Trials with a greater number than this.")] int after = 0, [Description(Paging.Limit)] int limit = 100, CancellationToken cancellationToken = default)
    {
        if (limit is < 1 or > MostTrials)
        {
            return Problems.BadRequest($"limit: {limit} is out of range. Write 1 to {MostTrials}.");
        }

        if (await sweeps.FindAsync(id, caller, cancellationToken) is not { } found)
        {
            return Problems.NoSweep(id);
        }

        var rest = found.Trials.Where(trial => trial.Number > after).ToList();
        var next = rest.Count > limit ? rest[limit - 1].Number.ToString(CultureInfo.InvariantCulture) : null;
        return TypedResults.Ok(new Page<TrialView>([.. rest.Take(limit).Select(trial => TrialViews.Of(found.Sweep, trial, found.Trials))], next));
    }

    private static async Task<Results<Ok<TrialView>, ProblemHttpResult>> GetAsync(string id, int number, SweepLookup sweeps, Caller caller, CancellationToken cancellationToken) =>
        await FindAsync(id, number, sweeps, caller, cancellationToken) switch
        {
            ({ } found, { } trial) => TypedResults.Ok(TrialViews.Of(found.Sweep, trial, found.Trials)),
            (null, _) => Problems.NoSweep(id),
            _ => NoTrial(id, number),
        };

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> MeasurementAsync(string id, int number, SweepLookup sweeps, Caller caller, CancellationToken cancellationToken) =>
        await FindAsync(id, number, sweeps, caller, cancellationToken) switch
        {
            (null, _) => Problems.NoSweep(id),
            (_, null) => NoTrial(id, number),
            (_, { } trial) when TrialViews.MeasurementOf(trial) is { } measurement => TypedResults.Text(MeasurementJson.Write(measurement), "application/json"),
            (_, { } trial) => Problems.NotFound($"Trial {number} of {id} has no measurement: it is {trial.State.Name}."),
        };

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> LogAsync(string id, int number, SweepLookup sweeps, Caller caller, CancellationToken cancellationToken) =>
        await FindAsync(id, number, sweeps, caller, cancellationToken) switch
        {
            (null, _) => Problems.NoSweep(id),
            (_, null) => NoTrial(id, number),
            ({ } found, { State: TrialState.CandidateFailed failed }) => TypedResults.Text(TrialViews.Hidden(found.Sweep, failed.LogTail)),
            (_, { } trial) => Problems.NotFound($"No log is kept of trial {number} of {id}: it is {trial.State.Name}, and logs are kept of failed candidates."),
        };

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> CommandAsync(string id, int number, SweepLookup sweeps, Caller caller, CancellationToken cancellationToken) =>
        await FindAsync(id, number, sweeps, caller, cancellationToken) switch
        {
            (null, _) => Problems.NoSweep(id),
            (_, null) => NoTrial(id, number),
            ({ } found, { } trial) => TrialViews.Command(found.Sweep, trial.Candidate) is { } command
                ? TypedResults.Text(command)
                : Problems.NotFound($"Nothing is started for {id}: its target runs already and is only measured."),
        };

    private static async Task<Results<Ok<StateChangeView[]>, ProblemHttpResult>> HistoryAsync(
        string id, int number, ISweepStore store, SweepLookup sweeps, Caller caller, CancellationToken cancellationToken) =>
        await FindAsync(id, number, sweeps, caller, cancellationToken) switch
        {
            (null, _) => Problems.NoSweep(id),
            (_, null) => NoTrial(id, number),
            ({ } found, { } trial) => TypedResults.Ok<StateChangeView[]>(
            [
                .. (await store.TrialHistoryAsync(trial.Id, cancellationToken)).Select(SweepViews.Of).Select(change => change with { Reason = TrialViews.Hidden(found.Sweep, change.Reason) }),
            ]),
        };

    private static async Task<(FoundSweep? Sweep, Trial? Trial)> FindAsync(string id, int number, SweepLookup sweeps, Caller caller, CancellationToken cancellationToken)
    {
        var found = await sweeps.FindAsync(id, caller, cancellationToken);
        return (found, found?.Trials.FirstOrDefault(trial => trial.Number == number));
    }

    private static ProblemHttpResult NoTrial(string id, int number) => Problems.NotFound($"Sweep '{id}' has no trial {number}. GET /api/v1/sweeps/{id}/trials lists those it has.");
}
