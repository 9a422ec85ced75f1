using System.Text;
using System.Text.Json.Nodes;
using Tuner.Argo.Installing;
using Tuner.Argo.Kubernetes;
using Tuner.Argo.Rendering;
using Tuner.Argo.Tests.Schemas;

namespace Tuner.Argo.Tests.Cluster;

/// <summary>A namespace of its own on the real API server, with Argo's resources, Tuner's parts, and the accounts' tokens.</summary>
internal sealed class ArgoNamespace : IAsyncDisposable
{
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static bool hasArgo;

    private ArgoNamespace(string name, IKubernetesApi admin, string folder)
    {
        Name = name;
        Admin = admin;
        Folder = folder;
    }

    public string Name { get; }

    public IKubernetesApi Admin { get; }

    /// <summary>A folder that goes with the namespace.</summary>
    public string Folder { get; }

    /// <summary>Kubeconfig of the account that the workflow's pods run as.</summary>
    public string PodsKubeconfig => Path.Combine(Folder, "tuner-trial.kubeconfig");

    /// <summary>Kubeconfig of Tuner's own account.</summary>
    public string TunerKubeconfig => Path.Combine(Folder, "tuner.kubeconfig");

    public static async Task<ArgoNamespace> CreateAsync()
    {
        var admin = KubernetesClient.Connect(TestCluster.Access());
        await HaveArgoAsync(admin);
        var name = $"tuner-test-{Guid.NewGuid().ToString("N")[..10]}";
        await admin.CreateAsync("api/v1/namespaces", new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = name } }, default);
        var place = new ArgoNamespace(name, admin, Directory.CreateTempSubdirectory("tuner-cluster-").FullName);
        await ClusterParts.InstallAsync(admin, name, image: null, default);
        foreach (var account in new[] { "tuner", "tuner-trial" })
        {
            await place.WriteKubeconfigAsync(account);
        }

        return place;
    }

    public async Task<bool> ExistsAsync(string apiVersion, string plural, string name)
    {
        try
        {
            await Admin.GetAsync(ResourcePath.Of(apiVersion, Name, plural, name), default);
            return true;
        }
        catch (KubernetesException exception) when (exception.IsNotFound)
        {
            return false;
        }
    }

    /// <summary>Names of all objects of the kind that carry Tuner's owner label.</summary>
    public async Task<string[]> OwnedAsync(string apiVersion, string plural) =>
        [.. (await Admin.ListAsync(ResourcePath.Of(apiVersion, Name, plural), TunerLabels.Owner, null, null, null, default)).Objects("items").Select(item => item.Text("metadata", "name")!)];

    public async ValueTask DisposeAsync()
    {
        await Admin.DeleteAsync($"api/v1/namespaces/{Name}", [], default);
        Directory.Delete(Folder, recursive: true);
    }

    private static async Task HaveArgoAsync(IKubernetesApi admin)
    {
        await Gate.WaitAsync();
        try
        {
            foreach (var plural in hasArgo ? [] : new[] { "workflows", "workflowtemplates", "workflowtaskresults" })
            {
                try
                {
                    await admin.CreateAsync("apis/apiextensions.k8s.io/v1/customresourcedefinitions", CrdSchema.Definition("v4.1.2", plural), default);
                }
                catch (KubernetesException exception) when (exception.IsConflict)
                {
                    // From an earlier run.
                }
            }

            hasArgo = await Until(async () =>
            {
                foreach (var plural in new[] { "workflows", "workflowtemplates", "workflowtaskresults" })
                {
                    await admin.ListAsync(ResourcePath.Of("argoproj.io/v1alpha1", "default", plural), null, null, null, null, default);
                }

                // What the server serves and what it lists as served are two things for some seconds.
                return await new Discovery(admin).FindAsync("argoproj.io/v1alpha1", "WorkflowTemplate", default) is not null
                    && await new Discovery(admin).FindAsync("argoproj.io/v1alpha1", "Workflow", default) is not null;
            });
            Assert.True(hasArgo, "Argo's resources are not served");
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <summary>Asks again and again, for a minute and a half.</summary>
    public static async Task<bool> Until(Func<Task<bool>> holds)
    {
        for (var attempt = 0; attempt < 450; attempt++)
        {
            try
            {
                if (await holds())
                {
                    return true;
                }
            }
            catch (Exception exception) when (ClusterTrouble.Is(exception))
            {
                // Not yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }

        return false;
    }

    private async Task WriteKubeconfigAsync(string account)
    {
        string? token = null;
        Assert.True(await Until(async () =>
        {
            var secrets = await Admin.ListAsync(ResourcePath.Of("v1", Name, "secrets"), null, null, null, null, default);
            token = secrets.Objects("items").FirstOrDefault(item => item.Text("metadata", "annotations", "kubernetes.io/service-account.name") == account).Text("data", "token");
            return token is not null;
        }));
        var access = TestCluster.Access();
        var authority = Path.Combine(Folder, "ca.crt");
        await File.WriteAllTextAsync(authority, string.Join('\n', access.Authorities!().Select(certificate => certificate.ExportCertificatePem())));
        await File.WriteAllTextAsync(Path.Combine(Folder, $"{account}.kubeconfig"), $$"""
            apiVersion: v1
            kind: Config
            clusters: [ { name: t, cluster: { server: "{{access.Server.AbsoluteUri.TrimEnd('/')}}", certificate-authority: ca.crt } } ]
            users: [ { name: u, user: { token: "{{Encoding.UTF8.GetString(Convert.FromBase64String(token!))}}" } } ]
            contexts: [ { name: c, context: { cluster: t, user: u, namespace: "{{Name}}" } } ]
            current-context: c
            """);
    }
}
