using Tuner.Core.Planning;
using Tuner.Core.Recommending;

namespace Tuner.Cli;

/// <summary>What the command's exit code tells a script.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int InternalError = 1;
    public const int NothingFeasible = 2;
    public const int GateFailed = 3;
    public const int BudgetEnded = 4;
    public const int NotVerified = 5;
    public const int Inconclusive = 6;
    public const int BadInput = 64;

    /// <summary>The service cannot be reached, or cannot work.</summary>
    public const int Unavailable = 69;

    /// <summary>The service does not let this key do that.</summary>
    public const int NotAllowed = 77;
    public const int Interrupted = 130;

    public static int Of(Recommendation recommendation, StopReason stop, bool acceptUnverified) => recommendation switch
    {
        Recommendation.Use { Verified: true } => Ok,
        Recommendation.Use => acceptUnverified ? Ok : NotVerified,
        Recommendation.NothingFeasible => NothingFeasible,
        Recommendation.Inconclusive => stop.IsBudget ? BudgetEnded : Inconclusive,
        _ => throw new InvalidOperationException($"Unknown recommendation {recommendation.GetType().Name}."),
    };
}
