using Tuner.Argo.Kubernetes;
using Tuner.Core.Trials;

namespace Tuner.Argo.Trials;

/// <summary>What the API server's refusals mean for a trial, and their cures.</summary>
internal static class ClusterWords
{
    public static TrialState Refused(KubernetesException exception, string source, string place) => exception switch
    {
        { IsForbidden: true } when exception.Message.Contains("exceeded quota", StringComparison.OrdinalIgnoreCase) => new TrialState.Invalid($"The quota of namespace '{place}' is used up: {exception.Message}", null),
        { IsForbidden: true } => new TrialState.Invalid($"A permission is missing: {exception.Message}. {Cure(source)}", null),
        { IsUnauthorized: true } => new TrialState.Invalid($"The API server does not accept the credentials of {source}: {exception.Message}. {Renew(source)}", null),
        { IsNotFound: true } when exception.Message.Contains("could not find the requested resource", StringComparison.Ordinal) =>
            new TrialState.Invalid("The cluster has no Workflows: Argo Workflows is not installed there. Install it, then run 'tuner argo install'.", null),
        { IsNotFound: true } => new TrialState.Invalid($"{exception.Message}. Create it, or correct target.argo.namespace.", null),
        { IsRefusal: true } => new TrialState.Invalid($"The API server refused the workflow: {exception.Message}", null),
        _ => new TrialState.Interrupted($"The API server answered: {exception.Message}"),
    };

    public static string Renew(string source) => $"Renew the credentials of {source}, or name a tokenFile or a credential program there that does so by itself.";

    public static string Cure(string source) => $"Grant it to the user of {source}: 'tuner argo install' prints the Role that Tuner needs.";
}
