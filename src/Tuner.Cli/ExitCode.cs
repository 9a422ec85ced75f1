using Tuner.Service.Reports;
using Tuner.Service.Reports.Sections;

namespace Tuner.Cli;

/// <summary>What the command's exit code tells a script.</summary>
internal static class ExitCode
{
    public const int Ok = AnswerCode.Good;
    public const int InternalError = 1;
    public const int NothingFeasible = AnswerCode.NothingFeasible;
    public const int GateFailed = AnswerCode.GateFailed;
    public const int BudgetEnded = AnswerCode.BudgetEnded;
    public const int NotVerified = AnswerCode.NotVerified;
    public const int Inconclusive = AnswerCode.Inconclusive;
    public const int BadInput = 64;

    /// <summary>The service cannot be reached, or cannot work.</summary>
    public const int Unavailable = 69;

    /// <summary>The service does not let this key do that.</summary>
    public const int NotAllowed = 77;
    public const int Interrupted = 130;

    /// <summary>What a sweep that has ended came to.</summary>
    public static int Of(VerdictStatus status, bool acceptUnverified) => status is VerdictStatus.NotVerified && acceptUnverified ? Ok : AnswerCode.Of(status) ?? InternalError;
}
