using System.CommandLine;
using Tuner.Argo.Installing;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;

namespace Tuner.Cli.Cluster;

/// <summary><c>tuner argo install</c>: puts what Tuner needs into a namespace, or prints it for somebody who may.</summary>
internal static class InstallCommand
{
    public static Command Create()
    {
        var place = new Option<string?>("--namespace", "-n") { Description = "Where candidates will run. Default: the context's namespace." };
        var image = new Option<string?>("--image") { Description = "Image of Tuner for the workflows' own pods." };
        var context = new Option<string?>("--context") { Description = "A context of the kubeconfig." };
        var kubeconfig = new Option<string?>("--kubeconfig") { Description = "A kubeconfig; default KUBECONFIG or ~/.kube/config." };
        var dryRun = new Option<bool>("--print") { Description = "Print the objects instead of applying them." };
        var command = new Command("install", "Put accounts, roles and the trial's WorkflowTemplate into a namespace, or print them (--print).") { place, image, context, kubeconfig, dryRun };
        command.SetAction(async (line, cancellationToken) =>
        {
            var namespaceName = line.GetValue(place);
            try
            {
                if (line.GetValue(dryRun))
                {
                    await Console.Out.WriteAsync(YamlText.Of(ClusterParts.For(namespaceName ?? "default", line.GetValue(image))));
                    return ExitCode.Ok;
                }

                var access = InCluster.OrKubeconfig(line.GetValue(kubeconfig), line.GetValue(context), TimeProvider.System);
                namespaceName ??= access.Namespace ?? "default";
                foreach (var done in await ClusterParts.InstallAsync(KubernetesClient.Connect(access), namespaceName, line.GetValue(image), cancellationToken))
                {
                    await Console.Out.WriteLineAsync(done);
                }

                return ExitCode.Ok;
            }
            catch (KubernetesException exception)
            {
                await Console.Error.WriteLineAsync(exception switch
                {
                    { IsForbidden: true } => $"{exception.Message}. Ask someone who may: tuner argo install -n {namespaceName} --print | kubectl apply -f -",
                    { IsNotFound: true } => $"{exception.Message}. Create it (kubectl create namespace {namespaceName}), or name another one with --namespace.",
                    _ => exception.Message,
                });
                return ExitCode.BadInput;
            }
            catch (Exception exception) when (exception is ClusterAccessException or HttpRequestException)
            {
                await Console.Error.WriteLineAsync(exception.Message);
                return ExitCode.BadInput;
            }
        });
        return command;
    }
}
