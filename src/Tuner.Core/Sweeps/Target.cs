using System.Collections.Immutable;

namespace Tuner.Core.Sweeps;

/// <summary>Where candidates run.</summary>
public abstract record Target
{
    private Target()
    {
    }

    /// <summary>Candidates are processes on this machine. Texts may hold <c>{{parameter}}</c> placeholders.</summary>
    public sealed record Process : Target
    {
        /// <summary>Program and arguments; never goes through a shell.</summary>
        public required ImmutableArray<Template> Command { get; init; }

        public ImmutableArray<KeyValuePair<string, Template>> Environment { get; init; } = [];

        /// <summary>Files written into each replica's own folder before it starts, for servers that are configured by a file.</summary>
        public ImmutableArray<CandidateFile> Files { get; init; } = [];

        /// <summary>Where the command runs; a full path.</summary>
        public required string WorkingDirectory { get; init; }

        /// <summary>So many processes; requests are spread over them.</summary>
        public required Template Replicas { get; init; }

        public required Readiness Readiness { get; init; }

        /// <summary>Grace between SIGTERM and SIGKILL.</summary>
        public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);
    }

    /// <summary>Candidates are objects in a Kubernetes cluster, deployed and measured by an Argo Workflow each.</summary>
    public sealed record Argo : Target
    {
        /// <summary>Where candidates and workflows live; nothing is created anywhere else.</summary>
        public required string Namespace { get; init; }

        public required ArgoSource Source { get; init; }

        /// <summary>How many replicas the candidate has.</summary>
        public required Template Replicas { get; init; }

        /// <summary>Whether the replicas are written into the workload; false where its manifest says them itself.</summary>
        public bool WritesReplicas { get; init; }

        /// <summary>The container that environment, arguments and resources go to; null means the first.</summary>
        public string? Container { get; init; }

        public ImmutableArray<KeyValuePair<string, Template>> Environment { get; init; } = [];

        /// <summary>The container's arguments; empty leaves those of the manifest.</summary>
        public ImmutableArray<Template> Arguments { get; init; } = [];

        /// <summary>Requests and limits of the container by resource name; empty leaves those of the manifest.</summary>
        public ImmutableArray<KeyValuePair<string, Template>> Resources { get; init; } = [];

        /// <summary>Node selectors and tolerations by instance type, where the node label alone does not tell.</summary>
        public ImmutableSortedDictionary<string, InstancePlacement> Instances { get; init; } = ImmutableSortedDictionary<string, InstancePlacement>.Empty;

        /// <summary>The node label that holds the name of the instance type; empty where instance types place nothing.</summary>
        public string NodeLabel { get; init; } = "node.kubernetes.io/instance-type";

        public required ArgoReadiness Readiness { get; init; }

        public required ArgoLoad Load { get; init; }

        /// <summary>
        /// The load pods keep the whole measurement as an output artifact too, where the cluster has a repository for them; what
        /// output parameters cannot carry exactly is fetched from there.
        /// </summary>
        public bool Artifact { get; init; }

        /// <summary>The instance ID of the Argo controller that works on the trials; null where it has none.</summary>
        public string? InstanceId { get; init; }

        /// <summary>The account that the workflow's own pods run as.</summary>
        public string ServiceAccount { get; init; } = "tuner-trial";
    }

    /// <summary>A service that runs already and is only measured; its space has one candidate.</summary>
    public sealed record Endpoint : Target
    {
        public required ImmutableArray<Uri> Urls { get; init; }
    }
}

/// <summary>A file of a candidate: its path within the replica's folder, and its text with <c>{{placeholders}}</c>.</summary>
public sealed record CandidateFile(string Path, Template Content);

/// <summary>When a candidate may be put under load: the path answers with a success, within the time-out after its start.</summary>
public sealed record Readiness(string Path, TimeSpan Timeout);
