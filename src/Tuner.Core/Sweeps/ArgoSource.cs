using System.Collections.Immutable;
using Tuner.Core.Definitions;

namespace Tuner.Core.Sweeps;

/// <summary>What a candidate on Kubernetes is made from.</summary>
public abstract record ArgoSource
{
    private ArgoSource()
    {
    }

    /// <summary>Objects that the sweep brings along.</summary>
    public sealed record Manifest(ImmutableArray<ManifestDocument> Documents) : ArgoSource;

    /// <summary>An object that is in the cluster already: copied for each trial, or patched where it is and restored.</summary>
    public sealed record Existing(string ApiVersion, string Kind, string Name) : ArgoSource
    {
        /// <summary>What to change of it; null where replicas, environment, arguments and resources say everything.</summary>
        public ManifestDocument? Patch { get; init; }

        /// <summary>Patched where it is; there is one such object, so that trials go one at a time.</summary>
        public bool InPlace { get; init; }
    }
}

/// <summary>
/// One Kubernetes object as it was written. A plain scalar that holds placeholders takes its type from their values
/// (<c>replicas: {{replicas}}</c> becomes a number); a quoted one stays text.
/// </summary>
/// <param name="Content">The object; scalars hold <c>{{placeholders}}</c>.</param>
/// <param name="Text">The document's text.</param>
/// <param name="File">The file it came from, as the sweep names it.</param>
public sealed record ManifestDocument(MappingNode Content, string Text, string File)
{
    /// <summary>Names of all placeholders, in order of appearance.</summary>
    public ImmutableArray<string> Placeholders => Template.Parse(Text).Names;
}

/// <summary>Where candidates of one instance type run.</summary>
public sealed record InstancePlacement(ImmutableSortedDictionary<string, string> NodeSelector, ImmutableArray<Toleration> Tolerations);

/// <summary>A taint that candidates put up with; a null part matches any.</summary>
public sealed record Toleration(string? Key, string Operator, string? Value, string? Effect);

/// <summary>When a candidate on Kubernetes may be put under load: all replicas are there, the condition is True, the path answers.</summary>
public sealed record ArgoReadiness(string? Condition, string? Path, TimeSpan Timeout);

/// <summary>Where the load goes, and from how many pods.</summary>
public sealed record ArgoLoad
{
    /// <summary>The Service whose pods get the load; null with <see cref="Url"/>.</summary>
    public string? Service { get; init; }

    /// <summary>Port of the service; null for its first.</summary>
    public int? Port { get; init; }

    /// <summary>An address instead of a service's pods.</summary>
    public Template? Url { get; init; }

    public int Pods { get; init; } = 1;

    /// <summary>Image of the workflow's own pods; null for the one of the installed templates.</summary>
    public string? Image { get; init; }
}
