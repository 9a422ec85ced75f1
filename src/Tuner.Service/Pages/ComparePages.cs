using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tuner.Service.Access;
using Tuner.Service.Pages.Components;
using Tuner.Service.Pages.Models;
using Tuner.Service.Reports.Comparing;
using Tuner.Service.Storage;

namespace Tuner.Service.Pages;

/// <summary>Two sweeps side by side.</summary>
internal static class ComparePages
{
    private const int Offered = 200;

    public static void MapComparePages(this IEndpointRouteBuilder pages) => pages.MapGet("/compare", CompareAsync);

    private static async Task<IResult> CompareAsync(
        HttpContext context, ISweepStore store, SweepSnapshots snapshots, PageFrames frames, Caller caller, CancellationToken cancellationToken, string? left = null, string? right = null)
    {
        var page = await store.ListSweepsAsync(new SweepQuery { Projects = caller.Projects, Limit = Offered }, cancellationToken);
        var model = new CompareModel(frames.Of(context, "compare"), [.. page.Sweeps.Select(sweep => sweep.Id.Value)], left, right, null, "");
        if (string.IsNullOrEmpty(left) || string.IsNullOrEmpty(right))
        {
            return await PageResult.OfAsync<ComparePage>(model);
        }

        var (one, two) = (await SweepPages.FindAsync(left, snapshots, caller, cancellationToken), await SweepPages.FindAsync(right, snapshots, caller, cancellationToken));
        return one is null || two is null
            ? await PageResult.OfAsync<ComparePage>(model with { Problem = $"There is no sweep '{(one is null ? left : right)}', or it belongs to a project that you do not see." }, StatusCodes.Status404NotFound)
            : await PageResult.OfAsync<ComparePage>(model with { Body = ComparisonMarkup.Render(ReportComparer.Compare(one.Report, two.Report)).Text });
    }
}
