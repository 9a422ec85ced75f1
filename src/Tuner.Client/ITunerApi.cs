using System.Collections.Immutable;
using RestEase;
using Tuner.Core.Api;

namespace Tuner.Client;

/// <summary>
/// Tuner's REST API. Every method throws <see cref="TunerApiException"/> with the service's own words where it does not
/// succeed. Made by <see cref="TunerClient"/>.
/// </summary>
public interface ITunerApi
{
    /// <param name="idempotencyKey">The same key again brings the same sweep, so that a submission can be repeated.</param>
    [Post("api/v1/sweeps")]
    Task<SweepView> SubmitAsync([Body] SweepSubmissionBody sweep, [Query] string? project, [Header("Idempotency-Key")] string? idempotencyKey, CancellationToken cancellationToken);

    /// <summary>What a submission would do; stores nothing.</summary>
    [Post("api/v1/sweeps?dryRun=true")]
    Task<PlanView> PlanAsync([Body] SweepSubmissionBody sweep, [Query] string? project, CancellationToken cancellationToken);

    /// <summary>Newest first; filters that are empty let everything through.</summary>
    [Get("api/v1/sweeps")]
    Task<Page<SweepView>> SweepsAsync(
        [Query("state")] IEnumerable<string> states, [Query("label")] IEnumerable<string> labels, [Query] string? name, [Query] string? project, [Query] string? after, [Query] int limit, CancellationToken cancellationToken);

    [Get("api/v1/sweeps/{id}")]
    Task<SweepView> SweepAsync([Path] string id, CancellationToken cancellationToken);

    [Get("api/v1/sweeps/{id}/history")]
    Task<ImmutableArray<StateChangeView>> HistoryAsync([Path] string id, CancellationToken cancellationToken);

    [Post("api/v1/sweeps/{id}/cancel")]
    Task<SweepView> CancelAsync([Path] string id, CancellationToken cancellationToken);

    [Post("api/v1/sweeps/{id}/pause")]
    Task<SweepView> PauseAsync([Path] string id, CancellationToken cancellationToken);

    [Post("api/v1/sweeps/{id}/resume")]
    Task<SweepView> ResumeAsync([Path] string id, CancellationToken cancellationToken);

    [Delete("api/v1/sweeps/{id}")]
    Task DeleteAsync([Path] string id, CancellationToken cancellationToken);

    [Get("api/v1/sweeps/{id}/trials")]
    Task<Page<TrialView>> TrialsAsync([Path] string id, [Query] string? after, [Query] int limit, CancellationToken cancellationToken);

    [Get("api/v1/sweeps/{id}/trials/{number}")]
    Task<TrialView> TrialAsync([Path] string id, [Path] int number, CancellationToken cancellationToken);

    /// <summary>The whole measurement; <see cref="Tuner.Core.Measurements.MeasurementJson"/> reads it.</summary>
    [Get("api/v1/sweeps/{id}/trials/{number}/measurement")]
    Task<string> MeasurementAsync([Path] string id, [Path] int number, CancellationToken cancellationToken);

    [Get("api/v1/sweeps/{id}/trials/{number}/log")]
    Task<string> LogAsync([Path] string id, [Path] int number, CancellationToken cancellationToken);

    [Get("api/v1/sweeps/{id}/trials/{number}/command")]
    Task<string> CommandAsync([Path] string id, [Path] int number, CancellationToken cancellationToken);

    [Get("api/v1/sweeps/{id}/recommendation")]
    Task<RecommendationView> RecommendationAsync([Path] string id, CancellationToken cancellationToken);

    /// <param name="accept"><c>application/json</c>, <c>text/markdown</c> or <c>text/html</c>.</param>
    [Get("api/v1/sweeps/{id}/report")]
    Task<string> ReportAsync([Path] string id, [Header("Accept")] string accept, CancellationToken cancellationToken);

    /// <summary>Stores the schedule that a sweep's definition has; the one of the same name and project is changed.</summary>
    [Post("api/v1/schedules")]
    Task<ScheduleView> CreateScheduleAsync([Body] SweepSubmissionBody sweep, [Query] string? project, CancellationToken cancellationToken);

    [Get("api/v1/schedules")]
    Task<ImmutableArray<ScheduleView>> SchedulesAsync([Query] string? project, CancellationToken cancellationToken);

    [Get("api/v1/schedules/{id}")]
    Task<ScheduleView> ScheduleAsync([Path] string id, CancellationToken cancellationToken);

    /// <summary>What is null stays as it is.</summary>
    [Patch("api/v1/schedules/{id}")]
    Task<ScheduleView> ChangeScheduleAsync([Path] string id, [Body] ScheduleChange change, CancellationToken cancellationToken);

    [Post("api/v1/schedules/{id}/pause")]
    Task<ScheduleView> PauseScheduleAsync([Path] string id, CancellationToken cancellationToken);

    [Post("api/v1/schedules/{id}/resume")]
    Task<ScheduleView> ResumeScheduleAsync([Path] string id, CancellationToken cancellationToken);

    /// <summary>Starts its sweep now, beside whatever is due or going.</summary>
    [Post("api/v1/schedules/{id}/run")]
    Task<ScheduleRunView> RunScheduleAsync([Path] string id, CancellationToken cancellationToken);

    /// <summary>When it is due next, soonest first; of a paused one, when it would be.</summary>
    [Get("api/v1/schedules/{id}/next")]
    Task<ImmutableArray<ScheduleTime>> ScheduleTimesAsync([Path] string id, [Query] int count, CancellationToken cancellationToken);

    /// <summary>What became of its runs, newest first.</summary>
    [Get("api/v1/schedules/{id}/history")]
    Task<ImmutableArray<ScheduleRunView>> ScheduleHistoryAsync([Path] string id, [Query] int limit, CancellationToken cancellationToken);

    [Delete("api/v1/schedules/{id}")]
    Task DeleteScheduleAsync([Path] string id, CancellationToken cancellationToken);

    /// <summary>Nights are compared with this sweep's recommendation from now on.</summary>
    [Post("api/v1/sweeps/{id}/accept")]
    Task<GateView> AcceptAsync([Path] string id, CancellationToken cancellationToken);

    [Get("api/v1/gates")]
    Task<ImmutableArray<GateView>> GatesAsync([Query] string? project, CancellationToken cancellationToken);

    [Delete("api/v1/gates/{name}")]
    Task ForgetGateAsync([Path] string name, [Query] string? project, CancellationToken cancellationToken);

    [Post("api/v1/subscriptions")]
    Task<CreatedSubscription> SubscribeAsync([Body] NewSubscription subscription, CancellationToken cancellationToken);

    [Get("api/v1/subscriptions")]
    Task<ImmutableArray<SubscriptionView>> SubscriptionsAsync(CancellationToken cancellationToken);

    /// <summary>Sends an event of its own, <c>ping</c>, within seconds.</summary>
    [Post("api/v1/subscriptions/{id}/ping")]
    Task PingAsync([Path] string id, CancellationToken cancellationToken);

    [Delete("api/v1/subscriptions/{id}")]
    Task UnsubscribeAsync([Path] string id, CancellationToken cancellationToken);

    [Get("api/v1/price-books")]
    Task<ImmutableArray<PriceBookView>> PriceBooksAsync(CancellationToken cancellationToken);

    [Get("api/v1/price-books/{name}")]
    Task<string> PriceBookAsync([Path] string name, CancellationToken cancellationToken);

    [Put("api/v1/price-books/{name}")]
    Task<PriceBookView> PutPriceBookAsync([Path] string name, [Body] HttpContent text, CancellationToken cancellationToken);

    [Delete("api/v1/price-books/{name}")]
    Task DeletePriceBookAsync([Path] string name, CancellationToken cancellationToken);

    [Get("api/v1/targets")]
    Task<ImmutableArray<TargetView>> TargetsAsync(CancellationToken cancellationToken);

    [Get("api/v1/keys")]
    Task<ImmutableArray<KeyView>> KeysAsync(CancellationToken cancellationToken);

    [Post("api/v1/keys")]
    Task<CreatedKey> CreateKeyAsync([Body] NewKey key, CancellationToken cancellationToken);

    [Delete("api/v1/keys/{id}")]
    Task RevokeKeyAsync([Path] string id, CancellationToken cancellationToken);

    [Get("api/v1/whoami")]
    Task<Identity> WhoAmIAsync(CancellationToken cancellationToken);

    [Get("api/v1/audit")]
    Task<Page<AuditView>> AuditAsync([Query] string? after, [Query] int limit, CancellationToken cancellationToken);
}
