using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tuner.Core.Reported;

namespace Tuner.Core.Loads;

/// <summary>
/// A whole load as it travels to a generator elsewhere: what to send, how it begins, and from which seed. As text it is
/// one word (gzip in base64), so that nothing on the way takes it apart.
/// </summary>
public sealed record PackedLoad
{
    public required LoadProfile Profile { get; init; }

    public required TimeSpan Warmup { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>What ends a load that may as well end; null where it runs to its end.</summary>
    public PackedEarlyEnd? EarlyEnd { get; init; }

    /// <summary>
    /// Names of headers whose values are not in it: they travel as files of one folder, <see cref="SecretFile"/>, in this order.
    /// </summary>
    public ImmutableArray<string> SecretHeaders { get; init; } = [];

    /// <summary>What the target is asked about itself once the load has ended.</summary>
    public ImmutableArray<ReportedNumber> Reported { get; init; } = [];

    /// <summary>Stands for a load that is too long for where it was looked for, and is in the folder of the secrets.</summary>
    public const string Elsewhere = "-";

    /// <summary>The file there.</summary>
    public const string OrderFile = "order";

    /// <summary>The file with the value of a secret header.</summary>
    public static string SecretFile(int index) => $"header.{index.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The load with its secret headers again.</summary>
    /// <exception cref="IOException">The folder lacks one.</exception>
    public PackedLoad WithSecrets(string? folder) => SecretHeaders.IsDefaultOrEmpty ? this : this with
    {
        SecretHeaders = [],
        Profile = Profile with
        {
            Request = Profile.Request with { Headers = [.. Profile.Request.Headers, .. SecretHeaders.Select((name, index) => KeyValuePair.Create(name, File.ReadAllText(Path.Combine(folder ?? "", SecretFile(index)))))] },
        },
    };

    /// <summary>
    /// The part that one of several generators sends: rates and users divided by their number (the first ones take what is
    /// left over of users), bodies and arrivals drawn from a seed of its own. One of several cannot tell whether to end, and the
    /// first alone asks the target about itself.
    /// </summary>
    public PackedLoad Share(int index, int count) => count == 1 ? this : this with
    {
        EarlyEnd = null,
        Reported = index == 0 ? Reported : [],
        Seed = Seed + ((ulong)index * 7919),
        Profile = Profile with
        {
            Phases = [.. Profile.Phases.Select(phase => Share(phase, index, count))],
            Connections = Profile.Connections with { Max = Math.Max(1, Profile.Connections.Max / count) },
        },
    };

    public string ToText()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            JsonSerializer.Serialize(gzip, this, PackedLoadJsonContext.Default.PackedLoad);
        }

        return Convert.ToBase64String(packed.ToArray());
    }

    /// <exception cref="FormatException">The text was not written by <see cref="ToText"/>.</exception>
    public static PackedLoad FromText(string text)
    {
        try
        {
            using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(text.Trim())), CompressionMode.Decompress);
            return JsonSerializer.Deserialize(gzip, PackedLoadJsonContext.Default.PackedLoad) ?? throw new FormatException("The load order is empty.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException)
        {
            throw new FormatException($"This is no load order: {exception.Message}", exception);
        }
    }

    private static Phase Share(Phase phase, int index, int count) => phase switch
    {
        RatePhase rate => rate with { RatePerSecond = rate.RatePerSecond / count },
        RampPhase ramp => ramp with { FromRatePerSecond = ramp.FromRatePerSecond / count, ToRatePerSecond = ramp.ToRatePerSecond / count },
        CurvePhase curve => curve with { Points = [.. curve.Points.Select(point => point with { RatePerSecond = point.RatePerSecond / count })] },
        RecordedPhase recorded => recorded with { Arrivals = [.. recorded.Arrivals.Where((_, arrival) => arrival % count == index)] },
        UsersPhase users => users with { Users = (users.Users / count) + (index < users.Users % count ? 1 : 0), Requests = users.Requests is { } batch ? (batch / count) + (index < batch % count ? 1 : 0) : null },
        _ => throw new InvalidOperationException($"Unknown kind of phase {phase.GetType().Name}."),
    };
}

/// <summary>The objectives, as they were written, and how sure a verdict has to be; for <see cref="Slos.EarlyEnd"/>.</summary>
/// <param name="GoodToo">Also ends a load that is clearly good.</param>
/// <param name="Hopeless">One-sided error at which a load is hopeless; null for the usual one.</param>
public sealed record PackedEarlyEnd(ImmutableArray<string> Slos, double Confidence, int Looks, bool GoodToo, double? Hopeless = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, IgnoreReadOnlyProperties = true, UseStringEnumConverter = true, Converters = [typeof(HeaderJsonConverter), typeof(NumberSourceJsonConverter)])]
[JsonSerializable(typeof(PackedLoad))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class PackedLoadJsonContext : JsonSerializerContext;

/// <summary>Headers as pairs of text: a key and a value that can only be read would be left out with what is computed.</summary>
internal sealed class HeaderJsonConverter : JsonConverter<KeyValuePair<string, string>>
{
    public override KeyValuePair<string, string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var pair = JsonSerializer.Deserialize(ref reader, PackedLoadJsonContext.Default.StringArray);
        return pair is [var name, var value] ? KeyValuePair.Create(name, value) : throw new JsonException("A header is a pair of texts.");
    }

    public override void Write(Utf8JsonWriter writer, KeyValuePair<string, string> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteStringValue(value.Key);
        writer.WriteStringValue(value.Value);
        writer.WriteEndArray();
    }
}
