using System.Collections.Immutable;
using Tuner.Core.Api;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Service.Definitions;
using Tuner.Service.Reports;

namespace Tuner.Service.Submitting;

/// <summary>
/// What a submitted sweep may start: a command that the operator registered, from a sweep that has it. Arguments, names of
/// variables, files and the working directory are fixed; a sweep fills in values of the parameters, within the ranges that
/// the registered sweep gave them.
/// </summary>
public sealed record TargetTemplate
{
    public required string Name { get; init; }

    public required SweepSubmission Submission { get; init; }

    public required DateTimeOffset RegisteredAt { get; init; }

    public required Target.Process Process { get; init; }

    public required SearchSpace Space { get; init; }

    /// <summary>The template of a stored submission; null where it is no sweep of processes.</summary>
    public static TargetTemplate? Of(string name, SweepSubmission submission, DateTimeOffset registeredAt) =>
        SweepFile.Rebuild(submission).Sweep is { Target: Target.Process process } sweep
            ? new TargetTemplate { Name = name, Submission = submission, RegisteredAt = registeredAt, Process = process, Space = sweep.Space }
            : null;

    public TargetView ToView()
    {
        var mask = SecretMask.Of(Process);
        return new TargetView
        {
            Name = Name,
            Command = [.. Process.Command.Select((part, index) => mask.Argument(index == 0 ? null : Process.Command[index - 1].Text, part.Text))],
            Environment = [.. Process.Environment.Select(pair => pair.Key)],
            Parameters = [.. Filled().Select(parameter => new ParameterSetting(parameter.Name, Words(parameter)))],
            RegisteredAt = RegisteredAt,
        };
    }

    /// <summary>The parameters whose values reach the process.</summary>
    public IEnumerable<Parameter> Filled() => Space.Parameters.Where(parameter => Names().Contains(
        parameter.Name is SearchSpace.InstanceTypeParameter ? TemplateNames.InstanceName : parameter.Name, StringComparer.Ordinal));

    private IEnumerable<string> Names() => Process.Command
        .Concat(Process.Environment.Select(pair => pair.Value))
        .Concat(Process.Files.Select(file => file.Content))
        .Append(Process.Replicas)
        .SelectMany(template => template.Names);

    private static string Words(Parameter parameter) => parameter switch
    {
        IntegerParameter whole => $"int {whole.Min} to {whole.Max}",
        RealParameter real => FormattableString.Invariant($"real {real.Min} to {real.Max}"),
        CategoricalParameter listed => string.Join(", ", listed.Values.Select(value => value.Text)),
        _ => throw new InvalidOperationException($"Unknown kind of parameter {parameter.GetType().Name}."),
    };
}
