using System.Text.Json.Nodes;

namespace Tuner.Argo.Kubernetes;

/// <summary>What a follower of objects hears.</summary>
public abstract record ResourceEvent
{
    private ResourceEvent()
    {
    }

    /// <summary>The object is there, or changed.</summary>
    public sealed record Changed(JsonObject Item) : ResourceEvent;

    /// <summary>The object is gone; as it was last seen.</summary>
    public sealed record Deleted(JsonObject Item) : ResourceEvent;

    /// <summary>All is told: the first list is complete, so that what was not told by now was not there; or trouble is over.</summary>
    public sealed record Synced : ResourceEvent;

    /// <summary>The API server cannot be reached or refuses; the watch goes on trying. <paramref name="Denied"/>: it knows us not, or does not let us.</summary>
    public sealed record Trouble(string Reason, bool Denied, TimeSpan Since) : ResourceEvent
    {
        /// <summary>It does not know us: what we show has ended, or never was.</summary>
        public bool Unknown { get; init; }
    }
}
