using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Tuner.Argo.Artifacts;
using Tuner.Argo.Kubernetes;

namespace Tuner.Argo.Tests.Standin;

/// <summary>
/// Plays the artifact route of Argo's own server, as its documentation and source show it: bearer token, bare status texts,
/// what was stored as it was stored. With a certificate that it alone vouches for.
/// </summary>
internal sealed class StandinArgoServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly string folder = Directory.CreateTempSubdirectory("tuner-argo-server-").FullName;
    private readonly X509Certificate2 certificate = Certificate();

    public StandinArgoServer()
    {
        Repository = Directory.CreateDirectory(Path.Combine(folder, "artifacts")).FullName;
        File.WriteAllText(Path.Combine(folder, "ca.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(TokenFile, Token);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(server => server.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        app = builder.Build();
        app.Run(AnswerAsync);
        app.Start();
    }

    /// <summary>The folder that artifacts lie in, by node and name.</summary>
    public string Repository { get; }

    public string Token { get; set; } = "first";

    public string TokenFile => Path.Combine(folder, "token");

    /// <summary>Answers instead of the route; null lets it answer.</summary>
    public Func<HttpContext, Task>? Instead { get; set; }

    /// <summary>The paths that were asked for.</summary>
    public List<string> Asked { get; } = [];

    private string Address => app.Urls.Single();

    /// <summary>As an operator names it.</summary>
    public ClusterAccess Access(bool trusted = true) => ArgoServerAccess.FromEnvironment(name => name switch
    {
        ArgoServerAccess.ServerVariable => Address,
        ArgoServerAccess.TokenVariable => TokenFile,
        ArgoServerAccess.AuthorityVariable when trusted => Path.Combine(folder, "ca.crt"),
        _ => null,
    }, TimeProvider.System)!;

    public void Keep(string node, byte[] content)
    {
        Directory.CreateDirectory(Path.Combine(Repository, node));
        File.WriteAllBytes(Path.Combine(Repository, node, "measurement"), content);
    }

    /// <summary>Nobody answers any more.</summary>
    public Task StopAsync() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        certificate.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        lock (Asked)
        {
            Asked.Add(context.Request.Path);
        }

        if (Instead is { } instead)
        {
            await instead(context);
            return;
        }

        if (context.Request.Headers.Authorization != $"Bearer {Token}")
        {
            await SayAsync(context, 401, "Unauthorized");
            return;
        }

        // /artifacts/NAMESPACE/WORKFLOW/NODE/ARTIFACT
        var parts = context.Request.Path.Value!.Split('/');
        var file = parts is ["", "artifacts", _, _, var node, var name] ? Path.Combine(Repository, node, name) : "";
        if (!File.Exists(file))
        {
            await SayAsync(context, 500, "Internal Server Error");
            return;
        }

        context.Response.ContentType = "application/gzip";
        await context.Response.SendFileAsync(file);
    }

    public static async Task SayAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(text + "\n");
    }

    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=argo-server", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
