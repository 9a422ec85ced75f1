namespace Tuner.Service.Api;

/// <summary>What the parameters of paged lists mean.</summary>
internal static class Paging
{
    public const string After = "Where the page before ended: its next.";
    public const string Limit = "How many at most, 1 to 500.";
}
