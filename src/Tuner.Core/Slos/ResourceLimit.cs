using System.Globalization;
using System.Text.RegularExpressions;

namespace Tuner.Core.Slos;

/// <summary>Reads and shows amounts of memory (<c>512MiB</c>, <c>2GB</c>) and of CPU (<c>1.5</c>, <c>2 cores</c>).</summary>
internal static partial class ResourceLimit
{
    /// <summary>Bytes, or cores; null with the problem where the text is neither.</summary>
    public static double? Read(CandidateResource resource, string text, out string? problem)
    {
        var match = Amount().Match(text);
        var unit = match.Groups["unit"].Value;
        double? factor = (resource, unit) switch
        {
            (CandidateResource.Cpu, "" or "core" or "cores" or "vcpu" or "vcpus") => 1,
            (CandidateResource.Cpu, "m") => 0.001,
            (CandidateResource.Memory, "KB") => 1e3,
            (CandidateResource.Memory, "MB") => 1e6,
            (CandidateResource.Memory, "GB") => 1e9,
            (CandidateResource.Memory, "KiB" or "Ki") => 1024,
            (CandidateResource.Memory, "MiB" or "Mi") => 1024 * 1024,
            (CandidateResource.Memory, "GiB" or "Gi") => 1024.0 * 1024 * 1024,
            _ => null,
        };
        var number = match.Success && factor is not null ? double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture) * factor : null;
        problem = number is > 0 ? null : resource is CandidateResource.Memory
            ? $"'{text}' is no amount of memory. Write it like 512MiB or 2GB."
            : $"'{text}' is no number of cores. Write it like 1.5.";
        return problem is null ? number : null;
    }

    public static string Show(CandidateResource resource, double value) => resource is CandidateResource.Memory
        ? value < 1024 * 1024 * 1024 ? $"{SloText.Digits(value / (1024 * 1024))} MiB" : $"{SloText.Digits(value / (1024.0 * 1024 * 1024))} GiB"
        : $"{SloText.Digits(value)} cores";

    [GeneratedRegex(@"^(?<number>[0-9]+(?:\.[0-9]+)?) ?(?<unit>[A-Za-z]*)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Amount();
}
