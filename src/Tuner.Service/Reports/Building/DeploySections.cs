using System.Globalization;
using System.Text;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Service.Reports.Sections;

namespace Tuner.Service.Reports.Building;

/// <summary>How to run the winner outside of a sweep, and how to go back.</summary>
internal static class DeploySections
{
    private const string Mark = "\u0001";
    private const string PortMark = Mark + "PORT" + Mark;
    private const string ReplicaMark = Mark + "REPLICA" + Mark;

    public static DeploySection? Of(ReportMaterial material)
    {
        if (material.Winner is not { } winner)
        {
            return null;
        }

        var baseline = material.Sweep.Baseline;
        return new DeploySection
        {
            CommandLine = CommandLine(material, winner),
            Replicas = material.Replicas(winner),
            InstanceType = winner.Find(SearchSpace.InstanceTypeParameter)?.Text,
            EnvFile = EnvFile(material, winner),
            RollbackCommandLine = baseline is null ? null : CommandLine(material, baseline),
            RollbackEnvFile = baseline is null ? null : EnvFile(material, baseline),
        };
    }

    private static string? CommandLine(ReportMaterial material, Candidate candidate)
    {
        if (material.Sweep.Target is not Target.Process process)
        {
            return null;
        }

        var arguments = new List<string>();
        string? before = null;
        foreach (var template in process.Command)
        {
            var argument = Render(material, candidate, template);
            arguments.Add(ShellQuoted(material.Mask.Argument(before, argument)));
            before = argument;
        }

        return string.Join(' ', arguments);
    }

    private static string EnvFile(ReportMaterial material, Candidate candidate)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {OneLine(material.Sweep.Name)}: {OneLine(candidate.Key)}\n");
        text.Append(CultureInfo.InvariantCulture, $"# sweep {material.Input.Id.Value}, definition {Short(material.Sweep.Fingerprint)}\n");
        if (material.Sweep.Target is not Target.Process { Environment: { Length: > 0 } environment })
        {
            text.Append("# The target takes no environment variables; the values are in its arguments.\n");
            return text.ToString();
        }

        foreach (var (name, template) in environment)
        {
            var value = Variables(material.Mask.Value(name, Render(material, candidate, template)));
            text.Append(CultureInfo.InvariantCulture, $"{name}={EnvQuoted(value)}\n");
        }

        return text.ToString();
    }

    /// <summary>What only a running trial knows stays a placeholder.</summary>
    private static string Render(ReportMaterial material, Candidate candidate, Template template) => template.Render(name => name switch
    {
        TemplateNames.Port => PortMark,
        TemplateNames.Replica => ReplicaMark,
        TemplateNames.InstanceName => candidate.Find(SearchSpace.InstanceTypeParameter)?.Text ?? "",
        _ => material.Sweep.Space.Lookup(candidate, name)?.Text ?? material.Input.TemplateValues.GetValueOrDefault(name) ?? $"{{{{{name}}}}}",
    });

    private static string ShellQuoted(string argument)
    {
        if (argument.Contains(Mark, StringComparison.Ordinal))
        {
            var escaped = argument.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
                .Replace("$", "\\$", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal);
            return $"\"{Variables(escaped)}\"";
        }

        return argument.Length > 0 && argument.All(IsPlain) ? argument : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }

    private static string Variables(string text) =>
        text.Replace(PortMark, "${PORT}", StringComparison.Ordinal).Replace(ReplicaMark, "${REPLICA}", StringComparison.Ordinal);

    private static string EnvQuoted(string value) => value.All(character => IsPlain(character) || character is '$' or '{' or '}')
        ? value
        : $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";

    private static bool IsPlain(char character) => char.IsAsciiLetterOrDigit(character) || "_-./:=,+@%".Contains(character, StringComparison.Ordinal);

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private static string Short(string fingerprint) => fingerprint.Length <= 12 ? fingerprint : fingerprint[..12];
}
