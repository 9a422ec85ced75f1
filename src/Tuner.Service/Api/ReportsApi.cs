using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Tuner.Core.Api;
using Tuner.Service.Access;
using Tuner.Service.Gate;
using Tuner.Service.Reports;

namespace Tuner.Service.Api;

/// <summary>What a sweep came to: the recommendation in short, and the report in three forms.</summary>
internal static class ReportsApi
{
    private const string JsonType = "application/json";
    private const string MarkdownType = "text/markdown";
    private const string HtmlType = "text/html";

    public static void MapReports(this IEndpointRouteBuilder api)
    {
        var sweep = api.MapGroup("/sweeps/{id}").WithTags("Reports");
        sweep.MapGet("/recommendation", RecommendationAsync).WithName("GetRecommendation").WithSummary("The answer in short").Refuses(StatusCodes.Status404NotFound);
        sweep.MapGet("/report", ReportAsync).WithName("GetReport").WithSummary("The whole report, as JSON, Markdown or HTML by Accept")
            .Produces<string>(StatusCodes.Status200OK, JsonType, MarkdownType, HtmlType)
            .Refuses(StatusCodes.Status404NotFound, StatusCodes.Status406NotAcceptable);
    }

    private static async Task<Results<Ok<RecommendationView>, ProblemHttpResult>> RecommendationAsync(
        string id, SweepLookup sweeps, StoredReports reports, GateStore gate, Caller caller, CancellationToken cancellationToken)
    {
        if (await sweeps.FindAsync(id, caller, cancellationToken) is not { } found)
        {
            return Problems.NoSweep(id);
        }

        var word = found.Stored.Gate is null ? null : await gate.WordAsync(found.Stored.Id, cancellationToken);
        return TypedResults.Ok(RecommendationViews.Of(found, reports.Build(found.Stored, found.Sweep, found.Trials), word));
    }

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> ReportAsync(
        string id, HttpRequest request, SweepLookup sweeps, StoredReports reports, Caller caller, CancellationToken cancellationToken)
    {
        if (Wanted(request) is not { } type)
        {
            return Problems.Of(StatusCodes.Status406NotAcceptable, "not-acceptable", "The report has other forms", $"Accept '{request.Headers.Accept}' is none of its forms. Ask for {JsonType}, {MarkdownType} or {HtmlType}.");
        }

        if (await sweeps.FindAsync(id, caller, cancellationToken) is not { } found)
        {
            return Problems.NoSweep(id);
        }

        var report = await reports.TellAsync(found.Stored, found.Sweep, found.Trials, cancellationToken);
        return type switch
        {
            HtmlType => TypedResults.Text(ReportHtml.Write(report), HtmlType, Encoding.UTF8),
            MarkdownType => TypedResults.Text(ReportMarkdown.Write(report), MarkdownType, Encoding.UTF8),
            _ => TypedResults.Text(ReportJson.Write(report), JsonType),
        };
    }

    /// <summary>
    /// The form that Accept asks for most; JSON where it leaves it open, null where it is none of them. For each form the
    /// most specific range counts (RFC 9110, 12.5.1); parameters other than q are not ours.
    /// </summary>
    private static string? Wanted(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted) || accepted.Count == 0)
        {
            return JsonType;
        }

        return new[] { JsonType, MarkdownType, HtmlType }
            .Select(form => (Form: form, Range: accepted.Where(range => Means(range, form)).OrderBy(range => range.MatchesAllTypes).ThenBy(range => range.MatchesAllSubTypes).FirstOrDefault()))
            .Where(each => each.Range is { } range && (range.Quality ?? 1) > 0)
            .OrderByDescending(each => each.Range!.Quality ?? 1)
            .ThenBy(each => accepted.IndexOf(each.Range!))
            .Select(each => each.Form)
            .FirstOrDefault();
    }

    private static bool Means(MediaTypeHeaderValue range, string form) =>
        range.MatchesAllTypes || (form.StartsWith(range.Type + "/", StringComparison.OrdinalIgnoreCase) && (range.MatchesAllSubTypes || range.MediaType.Equals(form, StringComparison.OrdinalIgnoreCase)));
}
