namespace Tuner.Service.Reports.Comparing;

/// <summary>The two sides of a comparison, line by line, as every face shows them.</summary>
public static class ComparisonRows
{
    public static IEnumerable<(string Name, string Before, string After)> Of(ReportComparison comparison)
    {
        var (left, right) = (comparison.Left, comparison.Right);
        yield return ("Ended", Figures.Time(left.EndedAt), Figures.Time(right.EndedAt));
        yield return ("Verdict", left.Headline, right.Headline);
        yield return ("Winner", left.Winner ?? "none", right.Winner ?? "none");
        yield return ("Cost per hour", Figures.Money(left.CostPerHour, left.Currency), Figures.Money(right.CostPerHour, right.Currency));
        yield return ("Cost per month", Figures.Money(left.CostPerMonth, left.Currency), Figures.Money(right.CostPerMonth, right.Currency));
        foreach (var slo in comparison.Winners)
        {
            yield return (
                slo.Slo.Split('<', '>')[0].Trim(),
                $"{Figures.InUnit(slo.Left, slo.Unit)} (limit {Figures.Limit(slo.LeftLimit, slo.Unit)}{Margin(slo.LeftMargin)})",
                $"{Figures.InUnit(slo.Right, slo.Unit)} (limit {Figures.Limit(slo.RightLimit, slo.Unit)}{Margin(slo.RightMargin)}){Change(slo)}");
        }

        yield return ("Trials", $"{left.Trials} of {Words.Counted(left.CandidatesTried, "candidate")}", $"{right.Trials} of {Words.Counted(right.CandidatesTried, "candidate")}");
        yield return ("Spent", Figures.Money(left.Money, left.Currency), Figures.Money(right.Money, right.Currency));
        yield return ("Machine", left.Machine, right.Machine);
        yield return ("Tuner", left.Tuner, right.Tuner);
    }

    public static string Noise(bool? beyond) => beyond switch
    {
        true => "yes",
        false => "no",
        _ => "not known",
    };

    public static string Standings(CandidateChange row) => row.LeftStanding == row.RightStanding
        ? Words.Of(row.RightStanding)
        : $"{Words.Of(row.LeftStanding)} → {Words.Of(row.RightStanding)}";

    /// <summary>By how much the later value is another one, with a comma before it; empty where that is not known.</summary>
    public static string Change(SloChange slo) => slo.Share is { } share
        ? $", {Figures.Change(share)}{(slo.BeyondNoise switch { false => ", within the noise", true => ", beyond the noise", _ => "" })}"
        : "";

    /// <summary>What stands above the differences.</summary>
    public static string Question(ReportComparison comparison) => comparison.SameQuestion ? "Both asked the same question" : "They did not ask the same question";

    private static string Margin(double? margin) => margin is { } known ? $", margin {Figures.Margin(known)}" : "";
}
