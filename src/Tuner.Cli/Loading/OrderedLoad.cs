using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using Tuner.Core.Loads;
using Tuner.Core.Measurements;
using Tuner.Core.Slos;
using Tuner.Load;
using Tuner.Load.Reporting;

namespace Tuner.Cli.Loading;

/// <summary>
/// <c>tuner load --order</c>: a whole load as the service packed it, sent from a pod of a trial. Ends with 0 whenever there
/// is a measurement, also an invalid one: whoever ordered it judges it.
/// </summary>
internal sealed record OrderedLoad
{
    /// <summary>Behind one address, so many connections take turns: whatever balances them spreads them over all replicas.</summary>
    private const int RotatedConnections = 256;

    private static readonly TimeSpan LateAllowed = TimeSpan.FromSeconds(1);

    public required PackedLoad Order { get; init; }

    public required ImmutableArray<Uri> Targets { get; init; }

    public DateTimeOffset? StartAt { get; init; }

    public bool Rotate { get; init; }

    /// <summary>Where the packed measurement goes; what does not fit goes into files beside it, <c>PACK-1</c>, <c>PACK-2</c>.</summary>
    public required string Pack { get; init; }

    /// <summary>Where the whole measurement goes as well, in gzip; null where it is not kept.</summary>
    public string? Artifact { get; init; }

    /// <summary>Of so many characters at most: all load pods of a trial report to one Workflow.</summary>
    public int MaxCharacters { get; init; } = MeasurementPack.MaxPieces * MeasurementPack.MaxCharacters;

    /// <summary>Every problem at once; null without one.</summary>
    public static OrderedLoad? Read(string orderFile, string? targets, string share, string? startAt, bool rotate, string? pack, string? secrets, ICollection<string> problems)
    {
        var uris = ImmutableArray.CreateBuilder<Uri>();
        foreach (var target in (targets ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Uri.TryCreate(target, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            {
                uris.Add(uri);
            }
            else
            {
                problems.Add($"--targets: '{target}' is no address. Write addresses such as http://10.0.0.7:8080 with spaces between them.");
            }
        }

        if (uris.Count == 0 && problems.Count == 0)
        {
            problems.Add("--targets: there is none. Write addresses such as http://10.0.0.7:8080 with spaces between them.");
        }

        if (share.Split('/') is not [var first, var second] || !int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var index) || !int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || index >= count)
        {
            problems.Add($"--share: '{share}' is no share. Write 0/2 for the first of two.");
            (index, count) = (0, 1);
        }

        DateTimeOffset? start = null;
        if (startAt is not (null or "" or "-"))
        {
            if (DateTimeOffset.TryParse(startAt, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
            {
                start = at;
            }
            else
            {
                problems.Add($"--start-at: '{startAt}' is no time. Write it like 2026-11-22T08:00:00Z.");
            }
        }

        if (string.IsNullOrEmpty(pack))
        {
            problems.Add("--pack: names no file for the measurement.");
        }

        try
        {
            var order = PackedLoad.FromText(Text(orderFile, secrets)).WithSecrets(secrets).Share(index, count);
            return problems.Count > 0 ? null : new OrderedLoad { Order = order, Targets = uris.ToImmutable(), StartAt = start, Rotate = rotate, Pack = pack!, MaxCharacters = MeasurementPack.MaxPieces * MeasurementPack.MaxCharacters / count };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            problems.Add($"--order: {orderFile}: {exception.Message}");
            return null;
        }
    }

    private static string Text(string orderFile, string? secrets)
    {
        var text = File.ReadAllText(orderFile).Trim();
        return text is PackedLoad.Elsewhere ? File.ReadAllText(Path.Combine(secrets ?? "", PackedLoad.OrderFile)) : text;
    }

    public async Task<int> RunAsync(TextWriter output, TimeProvider time, CancellationToken finish)
    {
        var late = TimeSpan.Zero;
        if (StartAt is { } start)
        {
            late = time.GetUtcNow() - start;
            if (late < TimeSpan.Zero)
            {
                await Task.Delay(-late, time, finish).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        var endpoints = Rotate ? [.. Enumerable.Repeat(Targets, Math.Max(1, RotatedConnections / Targets.Length)).SelectMany(targets => targets)] : Targets;
        var options = new LoadOptions { Warmup = Order.Warmup, Seed = Order.Seed, Finish = finish, Protection = "a pod of its own", EndEarly = EndEarly() };
        var loaded = await new LoadGenerator(time).RunAsync(Order.Profile, endpoints, options, CancellationToken.None);
        var reported = await ReportedReader.ReadAsync(loaded, Order.Reported.IsDefault ? [] : Order.Reported, Targets, time, CancellationToken.None);
        var measurement = Completed(reported, late);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(Pack))!);
        var text = (Artifact is null ? MeasurementPack.ToText(measurement, MaxCharacters) : await KeptAsync(measurement, Artifact))
            ?? throw new ArgumentException($"The measurement does not fit into the {MaxCharacters:N0} characters that a Workflow's output parameters carry of this load pod, however coarse. Shorten the load{(MaxCharacters < MeasurementPack.MaxPieces * MeasurementPack.MaxCharacters ? ", or share it among fewer load pods" : "")}.");
        var pieces = MeasurementPack.Pieces(text);

        foreach (var (index, piece) in pieces.Index())
        {
            await File.WriteAllTextAsync(index == 0 ? Pack : $"{Pack}-{index.ToString(CultureInfo.InvariantCulture)}", piece, CancellationToken.None);
        }

        await output.WriteAsync(MeasurementText.Of(measurement));
        return ExitCode.Ok;
    }

    private async Task<string> KeptAsync(Measurement measurement, string artifact)
    {
        await using (var file = File.Create(artifact))
        await using (var gzip = new GZipStream(file, CompressionLevel.Optimal))
        {
            await MeasurementJson.WriteAsync(gzip, measurement, CancellationToken.None);
        }

        return MeasurementPack.LengthOfZipped(new FileInfo(artifact).Length) <= MaxCharacters
            ? MeasurementPack.OfZipped(await File.ReadAllBytesAsync(artifact))
            : MeasurementPack.Coarsened(measurement, MaxCharacters) ?? MeasurementPack.InArtifact;
    }

    /// <summary>The same rule that ends local trials; objectives that this version cannot read end nothing.</summary>
    private Func<IReadOnlyList<PhaseMeasurement>, string?>? EndEarly()
    {
        if (Order.EarlyEnd is not { } rule)
        {
            return null;
        }

        var slos = rule.Slos.Select(text => SloSentence.TryRead(text, out var slo, out _) ? slo : null).ToArray();
        return slos.Contains(null) ? null : new EarlyEnd([.. slos.OfType<Slo>()], Order.Profile, new JudgingPlan { Confidence = rule.Confidence, Looks = rule.Looks }) { GoodToo = rule.GoodToo, HopelessStrictness = rule.Hopeless }.Look;
    }

    private Measurement Completed(Measurement measurement, TimeSpan late) => measurement with
    {
        Notes = Rotate
            ? measurement.Notes.Add($"requests per replica are not known behind {string.Join(", ", Targets.Select(target => target.Authority))}: {RotatedConnections} connections took turns")
            : measurement.Notes,
        InvalidReasons = late > LateAllowed
            ? (measurement.InvalidReasons.IsDefault ? [] : measurement.InvalidReasons).Add($"A load pod began {late.TotalSeconds:0.0} s after the others.")
            : measurement.InvalidReasons,
    };
}
