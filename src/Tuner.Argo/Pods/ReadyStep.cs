using System.Collections.Immutable;
using Tuner.Argo.Kubernetes;

namespace Tuner.Argo.Pods;

/// <summary>
/// The ready step of a trial, in a pod of its own: looks at the candidate until its objects say that they are ready, as
/// many pods as replicas stand behind its Service, and each of them answers.
/// </summary>
public sealed class ReadyStep(IKubernetesApi api, HttpMessageHandler http, TimeProvider time)
{
    /// <summary>What its report begins with, where the candidate's pods are not let in.</summary>
    public const string Refused = "The API server refuses the candidate's pods:";

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>Load pods are started one after the other, and images may have to be pulled.</summary>
    private static readonly TimeSpan StartTogether = TimeSpan.FromSeconds(30);

    public async Task<ReadyOutcome> WaitAsync(ReadyRequest request, CancellationToken cancellationToken)
    {
        var discovery = new Discovery(api);
        var objects = new ObjectReadiness(api, discovery, time);
        var targets = new TargetReadiness(api, http);
        var start = time.GetTimestamp();
        var missing = "nothing was looked at yet";
        while (time.GetElapsedTime(start) < request.Timeout)
        {
            try
            {
                (var found, missing) = await LookAsync(request, objects, targets, cancellationToken);
                if (objects.Refused is { } refused)
                {
                    return new ReadyOutcome([], $"{Refused} {refused}", null);
                }

                if (missing is null)
                {
                    return new ReadyOutcome(found, "", request.LoadPods > 1 ? time.GetUtcNow() + StartTogether : null);
                }
            }
            catch (KubernetesException exception) when (exception.IsForbidden)
            {
                return new ReadyOutcome([], $"{exception.Message}", null, CannotTell: true);
            }
            catch (ClusterAccessException exception)
            {
                return new ReadyOutcome([], exception.Message, null, CannotTell: true);
            }
            catch (Exception exception) when (ClusterTrouble.Is(exception))
            {
                missing = $"the API server could not be asked: {exception.Message}";
            }

            await Task.Delay(Look, time, cancellationToken);
        }

        return new ReadyOutcome([], $"The candidate was not ready within {request.Timeout.TotalSeconds:0.###} s: {missing}.", null);
    }

    private static async Task<(ImmutableArray<Uri> Targets, string? Missing)> LookAsync(ReadyRequest request, ObjectReadiness objects, TargetReadiness targets, CancellationToken cancellationToken)
    {
        foreach (var reference in request.Objects)
        {
            if (await objects.MissingAsync(request.Namespace, reference, request.Condition, cancellationToken) is { } missing)
            {
                return ([], missing);
            }
        }

        return request.Condition is { } condition && !objects.SawCondition
            ? ([], $"none of {string.Join(", ", request.Objects)} has the condition {condition} yet")
            : await targets.FindAsync(request, cancellationToken);
    }
}
