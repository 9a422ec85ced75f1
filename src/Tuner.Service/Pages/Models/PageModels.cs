using System.Collections.Immutable;
using Tuner.Service.Storage;

namespace Tuner.Service.Pages.Models;

/// <summary>The list of sweeps.</summary>
public sealed record SweepListModel(PageFrame Frame, ImmutableArray<SweepLine> Lines, SweepState? State, string? Name, string? Next);

/// <summary>One sweep of the list.</summary>
public sealed record SweepLine
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Project { get; init; }

    public required string Labels { get; init; }

    public required SweepState State { get; init; }

    /// <summary>Trials of the budget, 0 to 1; null where there is no such budget or it is not counted.</summary>
    public double? Share { get; init; }

    public required string Progress { get; init; }

    public required string Outcome { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Text that is markup already, with links above it.</summary>
public sealed record DocumentModel(PageFrame Frame, string Title, ImmutableArray<(string Text, string Link)> Links, string Body);

/// <summary>Two sweeps to choose, and their comparison once both are chosen.</summary>
public sealed record CompareModel(PageFrame Frame, ImmutableArray<string> Sweeps, string? Left, string? Right, string? Problem, string Body);

/// <summary>A question before something is done.</summary>
public sealed record ConfirmModel(PageFrame Frame, string Question, string Consequence, string Yes, string Action, string Back, bool IsDanger);

/// <summary>Where a key is asked for.</summary>
public sealed record SignInModel(PageFrame Frame, string Return, string? Problem);

/// <summary>Something that cannot be shown, and why.</summary>
public sealed record ProblemModel(PageFrame Frame, string Title, string Detail, string Back);
