using System.Collections.Immutable;
using Tuner.Core.Slos;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Html;

/// <summary>Verdicts and objectives as markup: a sign, a word and a colour that all say the same.</summary>
internal static class SloMarkup
{
    public static Markup Mark(Standing standing) => standing switch
    {
        Standing.Met => Markup.Of($"""<span class="mark met">● met</span>"""),
        Standing.Missed => Markup.Of($"""<span class="mark missed">○ missed</span>"""),
        Standing.Undecided => Markup.Of($"""<span class="mark open">△ undecided</span>"""),
        Standing.Failed => Markup.Of($"""<span class="mark failed">✕ failed</span>"""),
        _ => Markup.Of($"""<span class="mark lost">– not measured</span>"""),
    };

    public static Markup Mark(SloVerdict verdict) => verdict switch
    {
        SloVerdict.Met => Markup.Of($"""<span class="mark met">● met</span>"""),
        SloVerdict.Missed => Markup.Of($"""<span class="mark missed">○ missed</span>"""),
        _ => Markup.Of($"""<span class="mark open">△ open</span>"""),
    };

    public static Markup Table(Report report, ImmutableArray<SloRow> slos)
    {
        var table = new MarkupWriter();
        table.Add($"""<div class="scroll"><table class="slos"><thead><tr><th scope="col">SLO</th><th scope="col">verdict</th><th scope="col" class="num">measured</th><th scope="col" class="num">{Words.BoundName(report)}</th><th scope="col" class="num">limit</th><th scope="col">margin</th></tr></thead><tbody>""");
        foreach (var slo in slos)
        {
            var binding = slo.Binding ? Markup.Of($"""<span class="binding">binding</span>""") : Markup.Empty;
            table.Add($"""
                <tr><th scope="row">{slo.Slo}{binding}</th><td title="{slo.Reason}">{Mark(slo.Verdict)}</td><td class="num">{Figures.Beside(slo.Estimate, slo.Limit, slo.Unit)}</td>
                <td class="num">{slo.DecidingText}</td><td class="num">{Figures.Limit(slo.Limit, slo.Unit)}</td><td class="margin"><b>{Figures.Margin(slo.Margin)}</b>{Bar(slo.Margin)}</td></tr>
                """);
        }

        table.Add($"</tbody></table></div>");
        return table.ToMarkup();
    }

    /// <summary>How full the room up to the limit is: an empty bar is far from it.</summary>
    private static Markup Bar(double? margin) => margin is { } room
        ? Markup.Of($"""<span class="bar" aria-hidden="true"><i style="width:{Math.Clamp(1 - room, 0, 1) * 100}%"></i></span>""")
        : Markup.Empty;
}
