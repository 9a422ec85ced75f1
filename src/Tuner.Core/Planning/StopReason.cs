namespace Tuner.Core.Planning;

/// <summary>Why a sweep came to its end.</summary>
public enum StopKind
{
    /// <summary>The answer stands: nothing is left that could change it.</summary>
    Decided,

    /// <summary>Every candidate of the space was tried.</summary>
    SpaceExhausted,

    /// <summary>The strategy sees nothing left that is worth a trial.</summary>
    NothingPromising,

    /// <summary>So many search trials in a row found nothing cheaper (search.patience).</summary>
    Patience,

    /// <summary>A confirmed candidate costs no more than was asked for (search.goal).</summary>
    GoalReached,

    /// <summary>No candidate ever answered a request as expected: the request or the set-up is wrong, not the candidates.</summary>
    NothingAnswers,

    TrialBudget,
    TimeBudget,
    MoneyBudget,
    FailureBudget,
    Cancelled,
}

/// <summary>Why a sweep came to its end, with the words for its reader.</summary>
public sealed record StopReason(StopKind Kind, string Text)
{
    public bool IsBudget => Kind is StopKind.TrialBudget or StopKind.TimeBudget or StopKind.MoneyBudget or StopKind.FailureBudget;
}
