using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Service.Reports;

namespace Tuner.Service.Exporting;

/// <summary>What a candidate is made of, whatever it runs on. Values of variables that look like secrets stay out.</summary>
internal sealed record ServingParts(int Replicas, IReadOnlyList<string> Arguments, IReadOnlyList<KeyValuePair<string, string>> Environment)
{
    public static ServingParts Of(Sweep sweep, Candidate candidate)
    {
        string Render(Template template) => template.Render(name => name switch
        {
            TemplateNames.Port => "${PORT}",
            TemplateNames.Replica => "${REPLICA}",
            TemplateNames.InstanceName => candidate.Find(SearchSpace.InstanceTypeParameter)?.Text ?? "",
            _ => sweep.Space.Lookup(candidate, name)?.Text ?? $"${{{name.ToUpperInvariant().Replace('.', '_')}}}",
        });
        var (arguments, environment, replicas) = sweep.Target switch
        {
            Target.Process process => (process.Command.Skip(1), process.Environment, process.Replicas),
            Target.Argo argo => (argo.Arguments.AsEnumerable(), argo.Environment, argo.Replicas),
            _ => ([], [], Template.Parse("1")),
        };
        return new ServingParts(
            int.TryParse(Render(replicas), out var count) ? count : 1,
            [.. arguments.Select(Render)],
            [.. environment.Where(pair => !SecretMask.IsSecretName(pair.Key)).Select(pair => KeyValuePair.Create(pair.Key, Render(pair.Value)))]);
    }
}
