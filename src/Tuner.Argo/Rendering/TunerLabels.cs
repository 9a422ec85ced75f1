namespace Tuner.Argo.Rendering;

/// <summary>Labels and annotations that everything of a trial carries, and by which it is found again.</summary>
public static class TunerLabels
{
    /// <summary>The trial: the name of its Workflow.</summary>
    public const string Trial = "tuner/trial";

    /// <summary>The name of the sweep.</summary>
    public const string Sweep = "tuner/sweep";

    /// <summary>The installation of Tuner that started it; another one leaves it alone.</summary>
    public const string Owner = "tuner/owner";

    /// <summary>What a pod is: <see cref="Candidate"/> or <see cref="Step"/>.</summary>
    public const string Role = "tuner/role";

    public const string ManagedBy = "app.kubernetes.io/managed-by";

    public const string Candidate = "candidate";

    public const string Step = "step";

    /// <summary>Annotation: the trial's id as it is stored.</summary>
    public const string TrialId = "tuner/trial-id";

    /// <summary>Annotation of a Workflow: <c>true</c> where it refers to a Secret of its own name.</summary>
    public const string HasSecret = "tuner/has-secret";

    /// <summary>Annotation of a Workflow that Tuner stopped: why.</summary>
    public const string StoppedBecause = "tuner/stopped-because";

    /// <summary>Argo's label for the controller that works on a Workflow, where several share a cluster.</summary>
    public const string ControllerInstance = "workflows.argoproj.io/controller-instanceid";

    /// <summary>Annotation: the candidate in one line.</summary>
    public const string CandidateKey = "tuner/candidate";
}
