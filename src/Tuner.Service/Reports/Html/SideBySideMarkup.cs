using System.Collections.Immutable;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Html;

/// <summary>Baseline, winner, runner-up, fastest and cheapest side by side.</summary>
internal static class SideBySideMarkup
{
    public static Markup Render(Report report)
    {
        var table = new MarkupWriter();
        table.Add($"""<section aria-labelledby="compare"><h2 id="compare">Side by side</h2>""");
        if (report.Compared.IsEmpty)
        {
            table.Add($"<p>No candidate was measured.</p></section>\n");
            return table.ToMarkup();
        }

        var columns = report.Compared.Select(item => (Row: report.Find(item.Key)!, Winner: item.Roles.Contains(Role.Winner))).ToImmutableArray();
        var currency = report.Sweep.Currency;
        table.Add($"""<div class="scroll" tabindex="0" role="group" aria-label="Side by side"><table class="compare"><thead><tr><td></td>""");
        foreach (var item in report.Compared)
        {
            table.Add($"""<th scope="col"{Class(item.Roles.Contains(Role.Winner) ? "win" : "")}>{Words.Of(item.Roles)}</th>""");
        }

        table.Add($"</tr></thead><tbody>");
        Group(table, columns.Length, "Configuration (bold where it differs from the baseline)");
        for (var index = 0; index < columns[0].Row.Parameters.Length; index++)
        {
            var place = index;
            Line(table, columns, columns[0].Row.Parameters[place].Name, row => row.Parameters[place].Value, row => row.Parameters[place].Changed);
        }

        Group(table, columns.Length, "Cost");
        Line(table, columns, "per hour", row => Figures.Money(row.CostPerHour, currency));
        Line(table, columns, "per month", row => Figures.Money(row.CostPerMonth, currency));
        Line(table, columns, "per million requests", row => Figures.Money(row.CostPerMillionRequests, currency));
        if (report.Sweep.Minimized is { Currency: null } minimized)
        {
            Line(table, columns, $"{minimized.Label} (minimized)", row => minimized.Text(row.Objective));
        }

        Group(table, columns.Length, "Latency");
        Line(table, columns, "p50", row => Figures.Latency(row.Latency?.P50));
        Line(table, columns, "p90", row => Figures.Latency(row.Latency?.P90));
        Line(table, columns, "p95", row => Figures.Latency(row.Latency?.P95));
        Line(table, columns, "p99", row => Figures.Latency(row.Latency?.P99));
        Line(table, columns, "p99.9", row => Figures.Latency(row.Latency?.P999));
        Line(table, columns, "largest", row => Figures.Latency(row.Latency?.Max));
        Group(table, columns.Length, "Load and resources");
        Line(table, columns, "offered rate", _ => Figures.Rate(report.Sweep.Load.OfferedRate));
        Line(table, columns, "successful responses", row => Figures.Rate(row.Throughput));
        Line(table, columns, "error rate", row => Figures.Share(row.ErrorRate));
        Line(table, columns, "CPU used", row => Figures.Cores(row.CpuCores));
        Line(table, columns, "held back by CPU quota", row => Figures.Share(row.ThrottledShare, 2));
        Line(table, columns, "largest memory", row => Figures.Bytes(row.PeakResidentBytes));
        Group(table, columns.Length, "Evidence");
        Line(table, columns, "measurements", row => Figures.Count(row.Measurements));
        Line(table, columns, "requests", row => Figures.Count(row.Requests));
        Standings(table, columns);
        table.Add($"</tbody></table></div></section>\n");
        return table.ToMarkup();
    }

    private static void Group(MarkupWriter table, int columns, string name) =>
        table.Add($"""<tr class="group"><th scope="colgroup" colspan="{columns + 1}">{name}</th></tr>""");

    private static void Line(MarkupWriter table, ImmutableArray<(CandidateRow Row, bool Winner)> columns, string name, Func<CandidateRow, string> value, Func<CandidateRow, bool>? differs = null)
    {
        if (columns.All(column => value(column.Row) == Figures.None))
        {
            return;
        }

        table.Add($"""<tr><th scope="row">{name}</th>""");
        foreach (var (row, winner) in columns)
        {
            table.Add($"<td{Class($"{(winner ? "win " : "")}{(differs?.Invoke(row) == true ? "differs" : "")}".Trim())}>{value(row)}</td>");
        }

        table.Add($"</tr>");
    }

    private static void Standings(MarkupWriter table, ImmutableArray<(CandidateRow Row, bool Winner)> columns)
    {
        table.Add($"""<tr><th scope="row">SLOs</th>""");
        foreach (var (row, winner) in columns)
        {
            table.Add($"""<td{Class(winner ? "win" : "")} title="{row.Reason}">{SloMarkup.Mark(row.Standing)}</td>""");
        }

        table.Add($"</tr>");
    }

    private static Markup Class(string name) => name.Length == 0 ? Markup.Empty : Markup.Of($" class=\"{name}\"");
}
