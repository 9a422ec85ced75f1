namespace Tuner.Core.Api;

/// <summary>Who did what, and how it came out.</summary>
/// <param name="Id">Sorts by time.</param>
/// <param name="Who">The key's name and id, or <c>local user</c>.</param>
/// <param name="Action">Method and route: <c>POST /api/v1/sweeps/{id}/cancel</c>.</param>
/// <param name="Subject">What it was done to.</param>
/// <param name="Outcome">The HTTP status.</param>
public sealed record AuditView(string Id, DateTimeOffset At, string Who, string Project, string Action, string Subject, int Outcome, string From);
