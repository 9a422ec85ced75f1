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
