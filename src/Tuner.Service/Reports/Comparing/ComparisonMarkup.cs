using System.Collections.Immutable;
using Tuner.Service.Reports.Html;

namespace Tuner.Service.Reports.Comparing;

/// <summary>A comparison as HTML: two columns, then every candidate that both measured.</summary>
internal static class ComparisonMarkup
{
    public static Markup Render(ReportComparison comparison)
    {
        var section = new MarkupWriter();
        section.Add($"""<section class="verdict" aria-labelledby="compared"><h1 id="compared">{comparison.Left.Id} against {comparison.Right.Id}</h1><p class="advice">{comparison.Summary}</p>""");
        section.Add($"""<div class="scroll" tabindex="0" role="group" aria-label="Before and after"><table class="sides"><thead><tr><td></td><th scope="col">before</th><th scope="col">after</th></tr></thead><tbody>""");
        foreach (var (name, before, after) in ComparisonRows.Of(comparison))
        {
            section.Add($"""<tr><th scope="row">{name}</th><td>{before}</td><td>{after}</td></tr>""");
        }

        section.Add($"</tbody></table></div></section>\n");
        section.Add($"""<section aria-labelledby="question"><h2 id="question">{ComparisonRows.Question(comparison)}</h2>""");
        List(section, comparison.Differences);
        if (!comparison.Circumstances.IsEmpty)
        {
            section.Add($"<h3>What differs around the question</h3>");
            List(section, comparison.Circumstances);
        }

        section.Add($"</section>\n");
        Candidates(section, comparison);
        return section.ToMarkup();
    }

    private static void List(MarkupWriter section, ImmutableArray<string> lines)
    {
        if (lines.IsEmpty)
        {
            return;
        }

        section.Add($"""<ul class="plain">""");
        foreach (var line in lines)
        {
            section.Add($"<li>{line}</li>");
        }

        section.Add($"</ul>");
    }

    private static void Candidates(MarkupWriter section, ReportComparison comparison)
    {
        if (comparison.Candidates.IsEmpty)
        {
            return;
        }

        section.Add($"""<section aria-labelledby="both"><h2 id="both">Measured in both</h2><p class="muted">A change is beyond the noise where the two intervals do not overlap.</p><div class="scroll" tabindex="0" role="group" aria-label="Measured in both"><table data-sortable><thead><tr><th scope="col">candidate</th><th scope="col" class="num">before</th><th scope="col" class="num">after</th><th scope="col" class="num">change</th><th scope="col">beyond noise</th><th scope="col">standing</th></tr></thead><tbody>""");
        foreach (var row in comparison.Candidates)
        {
            section.Add($"""<tr><td class="key">{row.Key}</td><td class="num">{Figures.Latency(row.LeftLatencySeconds)}</td><td class="num">{Figures.Latency(row.RightLatencySeconds)}</td><td class="num">{Figures.Change(row.LatencyShare)}</td><td>{ComparisonRows.Noise(row.BeyondNoise)}</td><td>{ComparisonRows.Standings(row)}</td></tr>""");
        }

        section.Add($"</tbody></table></div></section>\n");
    }
}
