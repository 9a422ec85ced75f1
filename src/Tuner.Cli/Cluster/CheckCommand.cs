using System.CommandLine;
using Tuner.Argo.Installing;
using Tuner.Argo.Kubernetes;
using Tuner.Cli.Remote;

namespace Tuner.Cli.Cluster;

/// <summary><c>tuner argo check</c>: whether trials can run in a namespace, before the first one does.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var place = new Option<string?>("--namespace", "-n") { Description = "Where candidates will run. Default: the context's namespace." };
        var context = new Option<string?>("--context") { Description = "A context of the kubeconfig." };
        var kubeconfig = new Option<string?>("--kubeconfig") { Description = "A kubeconfig; default KUBECONFIG or ~/.kube/config." };
        var output = ServiceConnection.OutputOption();
        var command = new Command("check", "Look whether trials can run in a namespace; changes nothing.") { place, context, kubeconfig, output };
        command.SetAction(async (line, cancellationToken) =>
        {
            try
            {
                var access = InCluster.OrKubeconfig(line.GetValue(kubeconfig), line.GetValue(context), TimeProvider.System);
                var findings = await ClusterCheck.LookAsync(KubernetesClient.Connect(access), line.GetValue(place) ?? access.Namespace ?? "default", cancellationToken);
                if (line.GetValue(output) is "json")
                {
                    await Console.Out.WriteAsync(ServiceConnection.Json(findings));
                }

                foreach (var finding in line.GetValue(output) is "json" ? [] : findings)
                {
                    await Console.Out.WriteLineAsync($"{finding.Good switch { true => "ok     ", false => "TO DO  ", null => "unknown" }}  {finding.Text}");
                }

                return findings.Any(finding => finding.Good is false) ? ExitCode.BadInput : ExitCode.Ok;
            }
            catch (Exception exception) when (exception is KubernetesException or ClusterAccessException or HttpRequestException)
            {
                await Console.Error.WriteLineAsync(exception.Message);
                return ExitCode.BadInput;
            }
        });
        return command;
    }
}
