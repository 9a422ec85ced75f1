using System.CommandLine;
using Tuner.Cli.Cluster;

namespace Tuner.Cli;

/// <summary><c>tuner argo</c>: what Tuner needs in a cluster, and what its pods there run.</summary>
internal static class ArgoCommand
{
    public static Command Create() => new("argo", "Candidates on Kubernetes through Argo Workflows.") { InstallCommand.Create(), CheckCommand.Create(), ReadyCommand.Create() };
}
