using System.Text.Json.Nodes;
using Tuner.Argo.Rendering;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Service.Definitions;

/// <summary>The Workflow that a sweep's first trial would be, for the plan; or that of any trial, for its page.</summary>
public static class FirstWorkflow
{
    public static string Of(Sweep sweep, Target.Argo target, Candidate candidate) => Of(target, () => TrialWorkflow.OfFirst(sweep, candidate));

    /// <summary>The Workflow that one trial is.</summary>
    public static string Of(Sweep sweep, Target.Argo target, Trial trial) => Of(target, () => TrialWorkflow.Of(sweep, trial, TrialWorkflow.Viewer));

    /// <summary>Why the candidate's Workflow cannot be made; null where it can, or where that is known only in the cluster.</summary>
    public static string? Refusal(Sweep sweep, Candidate candidate)
    {
        try
        {
            if (sweep.Target is Target.Argo { Source: ArgoSource.Manifest })
            {
                TrialWorkflow.OfFirst(sweep, candidate);
            }

            return null;
        }
        catch (RenderingException exception)
        {
            return exception.Message;
        }
    }

    public static JsonNode? Json(Sweep sweep, Candidate candidate)
    {
        if (sweep.Target is not Target.Argo { Source: ArgoSource.Manifest })
        {
            return null;
        }

        try
        {
            return TrialWorkflow.OfFirst(sweep, candidate).Manifest;
        }
        catch (RenderingException exception)
        {
            return exception.Message;
        }
    }

    private static string Of(Target.Argo target, Func<TrialWorkflow> rendered)
    {
        if (target.Source is ArgoSource.Existing existing)
        {
            return $"# The workflow is made from {existing.Kind} '{existing.Name}' as it is in the cluster when the trial begins.\n";
        }

        try
        {
            return YamlText.Of(rendered().Manifest);
        }
        catch (RenderingException exception)
        {
            return $"# It cannot be rendered: {exception.Message}\n";
        }
    }
}
