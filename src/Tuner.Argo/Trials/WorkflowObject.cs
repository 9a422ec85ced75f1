using System.Text.Json.Nodes;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;

namespace Tuner.Argo.Trials;

/// <summary>A trial's Workflow in the API server. Each act may be repeated.</summary>
internal sealed class WorkflowObject(IKubernetesApi api, string place, string name, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    public async Task<JsonObject?> FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await api.GetAsync(ResourcePath.Workflows(place, name), cancellationToken);
        }
        catch (KubernetesException exception) when (exception.IsNotFound && !exception.Message.Contains("could not find the requested resource", StringComparison.Ordinal))
        {
            return null;
        }
    }

    public Task<JsonObject> CreateAsync(JsonObject manifest, CancellationToken cancellationToken) => api.CreateAsync(ResourcePath.Workflows(place), manifest, cancellationToken);

    /// <summary>Creates what the Workflow refers to, as its property: it goes with it.</summary>
    public async Task CreateSecretAsync(JsonObject? secret, JsonObject owner, CancellationToken cancellationToken)
    {
        if (secret is null)
        {
            return;
        }

        secret["metadata"]!["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = "argoproj.io/v1alpha1",
            ["kind"] = "Workflow",
            ["name"] = name,
            ["uid"] = owner.Text("metadata", "uid"),
        });
        try
        {
            await api.CreateAsync(ResourcePath.Secrets(place), secret, cancellationToken);
        }
        catch (KubernetesException exception) when (exception.IsConflict)
        {
            // From before a crash.
        }
    }

    /// <summary>Asks Argo to stop: running steps end, and the exit handler takes the candidate away. (Terminate would skip that.)</summary>
    /// <param name="why">Why it is Tuner that stops it, for whoever finds the Workflow later.</param>
    public async Task StopAsync(string why, CancellationToken cancellationToken)
    {
        try
        {
            await api.PatchAsync(ResourcePath.Workflows(place, name), new MergePatchBody(new JsonObject
            {
                ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [TunerLabels.StoppedBecause] = why } },
                ["spec"] = new JsonObject { ["shutdown"] = "Stop" },
            }), cancellationToken);
        }
        catch (KubernetesException exception) when (exception.IsNotFound)
        {
            // Gone already.
        }
    }

    /// <summary>
    /// Deletes the Workflow and waits until it and everything that it owns is gone. Goes on where the API server is away
    /// for a while, or refuses: a token may be renewed, a permission granted.
    /// </summary>
    /// <param name="source">Where the credentials are from, for the cure.</param>
    /// <returns>What was left, in words; null when nothing was.</returns>
    public async Task<string?> RemoveAsync(ArgoOptions options, string source)
    {
        using var limit = new CancellationTokenSource(options.RemovalPatience, time);
        Patience? denied = null;
        var problem = "it is still being deleted";
        var asked = false;
        try
        {
            while (true)
            {
                try
                {
                    if (!asked)
                    {
                        await api.DeleteAsync(ResourcePath.Workflows(place, name), new JsonObject { ["propagationPolicy"] = "Foreground" }, limit.Token);
                        asked = true;
                    }

                    if (await FindAsync(limit.Token) is null)
                    {
                        return null;
                    }
                }
                catch (KubernetesException exception) when (exception.IsNotFound)
                {
                    return null;
                }
                catch (KubernetesException exception) when (exception.IsForbidden || exception.IsUnauthorized)
                {
                    denied ??= new Patience(options.DeniedPatience, time);
                    problem = exception.Message;
                    if (!await denied.PauseAsync(limit.Token))
                    {
                        return $"The workflow '{name}' could not be removed: {problem}. {(exception.IsUnauthorized ? ClusterWords.Renew(source) : ClusterWords.Cure(source))} The next start of Tuner tries again.";
                    }

                    continue;
                }
                catch (Exception exception) when (ClusterTrouble.Is(exception))
                {
                    problem = exception.Message;
                }

                await Task.Delay(Look, time, limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            return $"The workflow '{name}' could not be removed within {options.RemovalPatience.TotalSeconds:0} s: {problem}. The next start of Tuner tries again.";
        }
    }
}
