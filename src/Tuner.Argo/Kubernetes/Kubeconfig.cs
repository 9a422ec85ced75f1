using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Tuner.Argo.Rendering;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Tuner.Argo.Kubernetes;

/// <summary>Reads kubeconfig files as kubectl does: several are merged, the first to name something wins.</summary>
public static class Kubeconfig
{
    /// <summary>The files of <c>KUBECONFIG</c>, else <c>~/.kube/config</c>.</summary>
    public static IReadOnlyList<string> DefaultFiles() => Environment.GetEnvironmentVariable("KUBECONFIG") is { Length: > 0 } named
        ? named.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        : [Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config")];

    /// <param name="context">The context to use; null for the current one.</param>
    /// <exception cref="ClusterAccessException">A file, the context or what it names cannot be used.</exception>
    public static ClusterAccess Read(IReadOnlyList<string> files, string? context, TimeProvider time)
    {
        var parts = files.Where(File.Exists).Select(file => new Part(file, Parse(file))).ToArray();
        if (parts.Length == 0)
        {
            throw new ClusterAccessException($"There is no kubeconfig: {string.Join(", ", files)} {(files.Count == 1 ? "does" : "do")} not exist. Name one in KUBECONFIG.");
        }

        var wanted = context ?? parts.Select(part => part.Root.Text("current-context")).FirstOrDefault(name => name is { Length: > 0 })
            ?? throw new ClusterAccessException($"{parts[0].File} has no current-context. Choose one with kubectl config use-context NAME.");
        var (_, chosen) = Find(parts, "contexts", "context", wanted);
        var (clusterPart, cluster) = Find(parts, "clusters", "cluster", chosen.Text("cluster") ?? "");
        var (userPart, user) = Find(parts, "users", "user", chosen.Text("user") ?? "");
        if (cluster.Flag("insecure-skip-tls-verify") is true)
        {
            throw new ClusterAccessException($"{clusterPart.File}: cluster '{chosen.Text("cluster")}' sets insecure-skip-tls-verify, and Tuner always verifies the server. Put the authority's certificate into certificate-authority-data.");
        }

        return new ClusterAccess
        {
            Server = Uri.TryCreate(cluster.Text("server"), UriKind.Absolute, out var server) && server.Scheme is "https"
                ? server
                : throw new ClusterAccessException($"{clusterPart.File}: cluster '{chosen.Text("cluster")}' has the server '{cluster.Text("server")}'. Write an https address."),
            Authorities = Authorities(clusterPart, cluster),
            ServerName = cluster.Text("tls-server-name"),
            Credentials = Credentials(userPart, user, time),
            Namespace = chosen.Text("namespace"),
            Source = $"context '{wanted}' of {parts[0].File}",
        };
    }

    internal static X509Certificate2 ClientCertificate(string certificatePem, string keyPem, string source)
    {
        try
        {
            return X509Certificate2.CreateFromPem(certificatePem, keyPem);
        }
        catch (CryptographicException exception)
        {
            throw new ClusterAccessException($"{source}: the client certificate cannot be read: {exception.Message}", exception);
        }
    }

    private static Func<X509Certificate2Collection>? Authorities(Part part, JsonNode cluster)
    {
        if (cluster.Text("certificate-authority-data") is { } data)
        {
            var fixedOnes = Certificates(Decoded(data, part, "certificate-authority-data"), part.File);
            return () => fixedOnes;
        }

        return cluster.Text("certificate-authority") is { } file ? () => Certificates(Content(part, file), part.Path(file)) : null;
    }

    internal static X509Certificate2Collection Certificates(string pem, string source)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException exception)
        {
            throw new ClusterAccessException($"{source}: the authority's certificate cannot be read: {exception.Message}", exception);
        }

        return certificates.Count > 0 ? certificates : throw new ClusterAccessException($"{source}: there is no certificate in it.");
    }

    private static IClusterCredentials Credentials(Part part, JsonNode user, TimeProvider time)
    {
        if (user.Text("username") is not null)
        {
            throw new ClusterAccessException($"{part.File}: user name and password are not supported, and no Kubernetes since 1.19 takes them. Use a token, a certificate or a credential program.");
        }

        var certificate = user.Text("client-certificate-data") is { } data ? Decoded(data, part, "client-certificate-data") : user.Text("client-certificate") is { } file ? Content(part, file) : null;
        var key = user.Text("client-key-data") is { } keyData ? Decoded(keyData, part, "client-key-data") : user.Text("client-key") is { } keyFile ? Content(part, keyFile) : null;
        var identity = certificate is not null && key is not null ? ClientCertificate(certificate, key, part.File) : null;
        if (user.Text("tokenFile") is { } tokenFile)
        {
            return new FileCredentials(part.Path(tokenFile), identity, time);
        }

        return user.At("exec") is JsonObject exec && user.Text("token") is null
            ? new ExecCredentials(Plugin(part, exec), time)
            : new FixedCredentials(user.Text("token"), identity);
    }

    private static ExecPlugin Plugin(Part part, JsonObject exec)
    {
        var command = exec.Text("command") ?? throw new ClusterAccessException($"{part.File}: the user's exec has no command.");
        return new ExecPlugin(
            command.Contains('/', StringComparison.Ordinal) ? part.Path(command) : command,
            [.. (exec["args"] as JsonArray ?? []).Select(item => item?.ToString() ?? "")],
            [.. exec.Objects("env").Select(item => KeyValuePair.Create(item.Text("name") ?? "", item.Text("value") ?? ""))],
            exec.Text("apiVersion") ?? "client.authentication.k8s.io/v1",
            exec.Text("installHint") ?? "Install it, or check the path.",
            part.File);
    }

    private static (Part Part, JsonNode Item) Find(Part[] parts, string list, string key, string name)
    {
        foreach (var part in parts)
        {
            if (part.Root.Objects(list).FirstOrDefault(item => item.Text("name") == name) is { } found)
            {
                return (part, found[key] ?? new JsonObject());
            }
        }

        var known = parts.SelectMany(part => part.Root.Objects(list)).Select(item => item.Text("name"));
        throw new ClusterAccessException($"The {key} '{name}' is in none of {string.Join(", ", parts.Select(part => part.File))}. There is {string.Join(", ", known)}.");
    }

    private static string Decoded(string data, Part part, string key)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(data));
        }
        catch (FormatException exception)
        {
            throw new ClusterAccessException($"{part.File}: {key} is no base64.", exception);
        }
    }

    private static string Content(Part part, string file)
    {
        try
        {
            return File.ReadAllText(part.Path(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ClusterAccessException($"{part.File} names {part.Path(file)}, which cannot be read: {exception.Message}", exception);
        }
    }

    private static JsonObject Parse(string file)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(File.ReadAllText(file)));
            return stream.Documents.Count > 0 && Json(stream.Documents[0].RootNode) is JsonObject root ? root : throw new ClusterAccessException($"{file} is no kubeconfig.");
        }
        catch (Exception exception) when (exception is YamlException or IOException or UnauthorizedAccessException)
        {
            throw new ClusterAccessException($"{file} cannot be read: {exception.Message}", exception);
        }
    }

    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(pair => KeyValuePair.Create(pair.Key.ToString(), Json(pair.Value)))),
        YamlSequenceNode items => new JsonArray([.. items.Select(Json)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" } => JsonValue.Create(true),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "false" } => JsonValue.Create(false),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "null" or "~" or "" } => null,
        YamlScalarNode scalar => JsonValue.Create(scalar.Value ?? ""),
        _ => null,
    };

    private sealed record Part(string File, JsonObject Root)
    {
        /// <summary>Paths in a kubeconfig count from its own folder.</summary>
        public string Path(string path) => System.IO.Path.GetFullPath(path, System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(File))!);
    }
}
