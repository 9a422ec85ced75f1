using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tuner.Argo.Rendering;

namespace Tuner.Argo.Kubernetes;

/// <summary>
/// Credentials from a program that the kubeconfig names, as clouds have them: run when there are none, when they are about
/// to expire, and when the server refused them. Program and arguments go to the system as they are, through no shell.
/// </summary>
internal sealed class ExecCredentials(ExecPlugin plugin, TimeProvider time) : IClusterCredentials
{
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly SemaphoreSlim gate = new(1, 1);
    private string? token;
    private DateTimeOffset? expires;
    private bool asked;

    public X509Certificate2? Certificate { get; private set; }

    public async ValueTask<string?> TokenAsync(string? refused, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (!asked || (refused is not null && refused == token) || expires - time.GetUtcNow() < Early)
            {
                await AskAsync(cancellationToken);
                asked = true;
            }

            return token;
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        var answer = await RunAsync(cancellationToken);
        JsonNode? status;
        try
        {
            status = JsonNode.Parse(answer).At("status");
        }
        catch (JsonException exception)
        {
            throw new ClusterAccessException($"The credential program '{plugin.Command}' of {plugin.Source} printed no ExecCredential. Run it by hand to see what it prints.", exception);
        }

        token = status.Text("token");
        expires = DateTimeOffset.TryParse(status.Text("expirationTimestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
        if (status.Text("clientCertificateData") is { } certificate && status.Text("clientKeyData") is { } key)
        {
            Certificate = Kubeconfig.ClientCertificate(certificate, key, plugin.Source);
        }

        if (token is null && Certificate is null)
        {
            throw new ClusterAccessException($"The credential program '{plugin.Command}' of {plugin.Source} gave neither a token nor a certificate. Run it by hand to see what it prints.");
        }
    }

    private async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(plugin.Command) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        foreach (var argument in plugin.Arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in plugin.Environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["KUBERNETES_EXEC_INFO"] = new JsonObject { ["apiVersion"] = plugin.ApiVersion, ["kind"] = "ExecCredential", ["spec"] = new JsonObject { ["interactive"] = false } }.ToJsonString();
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        Process? process = null;
        try
        {
            process = Process.Start(start)!;
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync(either.Token);
            var output = await process.StandardOutput.ReadToEndAsync(either.Token);
            await process.WaitForExitAsync(either.Token);
            return process.ExitCode == 0
                ? output
                : throw new ClusterAccessException($"The credential program '{plugin.Command}' of {plugin.Source} ended with {process.ExitCode}: {LastLine(await errors)}");
        }
        catch (Win32Exception exception)
        {
            throw new ClusterAccessException($"The credential program '{plugin.Command}' of {plugin.Source} cannot be started: {exception.Message}. {plugin.InstallHint}", exception);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ClusterAccessException($"The credential program '{plugin.Command}' of {plugin.Source} did not answer within {Patience.TotalSeconds:0} s. It may be waiting for someone to type.");
        }
        finally
        {
            if (process is { HasExited: false })
            {
                process.Kill(entireProcessTree: true);
            }

            process?.Dispose();
        }
    }

    private static string LastLine(string text) => text.Trim().Split('\n')[^1].Trim();
}

/// <summary>A kubeconfig's credential program.</summary>
internal sealed record ExecPlugin(string Command, IReadOnlyList<string> Arguments, IReadOnlyList<KeyValuePair<string, string>> Environment, string ApiVersion, string InstallHint, string Source);
