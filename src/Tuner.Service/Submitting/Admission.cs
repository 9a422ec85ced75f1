using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Tuner.Core.Definitions;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Service.Definitions;
using Tuner.Service.Storage;

namespace Tuner.Service.Submitting;

/// <summary>
/// Reads submissions as the operator allows them: processes by registered templates only, load to allowed addresses only,
/// no more than the project's rate.
/// </summary>
public sealed class Admission(TargetTemplateStore templates, OperatorRules rules) : IAdmission
{
    /// <summary>Where nothing is: what came over REST has no folder of its own here.</summary>
    private const string Nowhere = "/";

    public async Task<SweepReading> ReadAsync(SubmittedSweep submitted, string project, ShippedPrices prices, CancellationToken cancellationToken)
    {
        var reading = Read(submitted, Nowhere, prices);
        if (reading.Sweep is null)
        {
            return reading;
        }

        var place = PlaceOf(submitted, "target");
        var problems = new List<DefinitionProblem>(Rates(reading.Sweep, project, PlaceOf(submitted, "load")));
        switch (reading.Sweep.Target)
        {
            case Target.Process:
                (reading, var refused) = Matched(submitted, reading, await templates.ListAsync(cancellationToken), place, prices);
                problems.AddRange(refused);
                break;
            case Target.Argo { Load.Url: { } url } when !IsInCluster(url.Text):
                problems.Add(Error(place, "sends its load to an address outside of the cluster. Name a Service (load.service), or an address that ends with .svc."));
                break;
            case Target.Endpoint endpoint:
                problems.AddRange(await EndpointsAsync(endpoint, place, cancellationToken));
                break;
            case Target.Argo argo:
                problems.AddRange(ManifestAdmission.Problems(argo, rules).Select(problem => Error(place with { Path = "target.argo" }, problem)));
                break;
            default:
                problems.Add(Error(place, "is of a kind that this service does not take."));
                break;
        }

        return problems.Count == 0 ? reading : reading with { Sweep = null, Submission = null, Problems = [.. reading.Problems, .. problems] };
    }

    private static bool IsInCluster(string url) =>
        Uri.TryCreate(url.Replace("{{", "", StringComparison.Ordinal).Replace("}}", "", StringComparison.Ordinal), UriKind.Absolute, out var uri)
        && uri.HostNameType is UriHostNameType.Dns
        && (uri.Host.EndsWith(".svc", StringComparison.OrdinalIgnoreCase) || uri.Host.EndsWith(".svc.cluster.local", StringComparison.OrdinalIgnoreCase));

    // The folder against which a working directory counts is the template's.
    private static (SweepReading Reading, IEnumerable<DefinitionProblem> Refused) Matched(
        SubmittedSweep submitted, SweepReading reading, ImmutableArray<TargetTemplate> templates, Place place, ShippedPrices prices)
    {
        foreach (var template in templates)
        {
            var placed = Read(submitted, template.Submission.BaseDirectory, prices);
            if (placed.Sweep is { Target: Target.Process process } sweep && TemplateMatch.IsSame(process, template.Process))
            {
                return (placed, Values(sweep, template));
            }
        }

        var known = templates.IsEmpty ? "none is registered yet" : $"registered are: {string.Join(", ", templates.Select(template => template.Name))} (GET /api/v1/targets)";
        return (reading, [Error(place, $"starts a command that the operator of this service has not registered; {known}. Register it on the service's machine: tuner target add NAME SWEEP.yaml.")]);
    }

    private static IEnumerable<DefinitionProblem> Values(Sweep sweep, TargetTemplate template)
    {
        foreach (var allowed in template.Filled())
        {
            var path = $"parameters.{allowed.Name}";
            var wanted = sweep.Space.Parameters.FirstOrDefault(parameter => string.Equals(parameter.Name, allowed.Name, StringComparison.Ordinal));
            var value = wanted is null ? null : TemplateMatch.NotTaken(wanted, allowed);
            value ??= Extra(sweep).Select(candidate => candidate.Find(allowed.Name)).OfType<ParameterValue>().Where(extra => !TemplateMatch.Takes(allowed, extra)).Select(extra => extra.Text).FirstOrDefault();
            if (wanted is null)
            {
                yield return Error(new Place(path, 0, 0), $"is missing; the target '{template.Name}' needs it.");
            }
            else if (value is not null)
            {
                var taken = template.ToView().Parameters.First(parameter => string.Equals(parameter.Name, allowed.Name, StringComparison.Ordinal)).Value;
                yield return Error(new Place(path, 0, 0), $"may be '{value}', and the target '{template.Name}' takes {taken}. Stay within that, or let the operator register more.");
            }
        }
    }

    /// <summary>Candidates that are named one by one.</summary>
    private static IEnumerable<Candidate> Extra(Sweep sweep) => [.. sweep.Space.Listed ?? [], .. sweep.Baseline is { } baseline ? [baseline] : Array.Empty<Candidate>()];

    // What counts is the address that is connected to, and that is judged again then: this only tells early.
    private async Task<ImmutableArray<DefinitionProblem>> EndpointsAsync(Target.Endpoint target, Place place, CancellationToken cancellationToken)
    {
        var problems = ImmutableArray.CreateBuilder<DefinitionProblem>();
        foreach (var url in target.Urls)
        {
            IPAddress[] addresses;
            try
            {
                addresses = await Dns.GetHostAddressesAsync(url.DnsSafeHost, cancellationToken);
            }
            catch (SocketException)
            {
                addresses = [];
            }

            if (addresses.Length == 0)
            {
                problems.Add(Error(place, $"'{url.Host}' means no address here. Check the name."));
            }
            else if (addresses.FirstOrDefault(address => !rules.MayLoad(new IPEndPoint(address, url.Port))) is { } bad)
            {
                problems.Add(Error(place, $"'{url.GetLeftPart(UriPartial.Authority)}' is {bad}, and this service sends no load there. Its operator allows addresses with: tuner serve --allow-load {bad}:{url.Port}."));
            }
        }

        return problems.ToImmutable();
    }

    private IEnumerable<DefinitionProblem> Rates(Sweep sweep, string project, Place place)
    {
        var most = rules.RateOf(project);
        switch (PeakRate.Of(sweep.Load))
        {
            case { } rate when rate > most:
                yield return Error(place, FormattableString.Invariant($"asks for {rate:0.##} requests per second, and project '{project}' may send {most:0.##}. Lower the rate, or let the operator raise it (tuner serve --max-rate)."));
                break;
            case null when sweep.Target is not Target.Process:
                yield return Error(place, "lets users send as fast as they are answered, and load to services of others needs a rate. Give phases a rate.");
                break;
        }
    }

    private static SweepReading Read(SubmittedSweep submitted, string folder, ShippedPrices prices) =>
        SweepFile.Submitted(submitted.FileName, submitted.Definition, folder, new SubmittedFiles(submitted.Files), prices);

    private static Place PlaceOf(SubmittedSweep submitted, string key) =>
        SweepYaml.Read(submitted.Definition, submitted.FileName).Definition?.Root is MappingNode root && root.Find(key) is { } entry
            ? new Place(key, entry.Key.Line, entry.Key.Column)
            : new Place(key, 0, 0);

    private static DefinitionProblem Error(Place place, string message) => new(ProblemSeverity.Error, place.Path, place.Line, place.Column, message);
}
