using Tuner.Core.Gate;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports;

/// <summary>
/// What an answer is for a script: the exit code of <c>tuner run</c> and <c>tuner status --watch</c>, and <c>exitCode</c> over REST.
/// </summary>
public static class AnswerCode
{
    public const int Good = 0;
    public const int NothingFeasible = 2;
    public const int GateFailed = 3;
    public const int BudgetEnded = 4;
    public const int NotVerified = 5;
    public const int Inconclusive = 6;

    /// <summary>Null where there is no answer yet.</summary>
    public static int? Of(VerdictStatus status) => status switch
    {
        VerdictStatus.Verified => Good,
        VerdictStatus.NothingFeasible => NothingFeasible,
        VerdictStatus.BudgetExhausted => BudgetEnded,
        VerdictStatus.NotVerified => NotVerified,
        VerdictStatus.Inconclusive => Inconclusive,
        _ => null,
    };

    /// <summary>Only a night that failed stops a pipeline.</summary>
    public static int Of(GateVerdict verdict) => verdict is GateVerdict.Fail ? GateFailed : Good;
}
