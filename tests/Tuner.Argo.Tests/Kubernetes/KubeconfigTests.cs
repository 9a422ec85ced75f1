using Tuner.Argo.Kubernetes;

namespace Tuner.Argo.Tests.Kubernetes;

public sealed class KubeconfigTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tuner-kubeconfig-").FullName;

    [Fact]
    public async Task Reads_the_current_context_and_follows_a_token_file_that_is_renewed()
    {
        File.WriteAllText(Path.Combine(folder, "token"), "first\n");
        var access = Kubeconfig.Read([Write("a", "server: https://10.0.0.1:6443", "tokenFile: token")], null, TimeProvider.System);

        Assert.Equal(("https://10.0.0.1:6443/", "tuning"), (access.Server.AbsoluteUri, access.Namespace));
        Assert.Equal("first", await access.Credentials.TokenAsync(null, default));
        File.WriteAllText(Path.Combine(folder, "token"), "second");
        Assert.Equal("first", await access.Credentials.TokenAsync(null, default));
        Assert.Equal("second", await access.Credentials.TokenAsync(refused: "first", default));
    }

    [Fact]
    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    public async Task Asks_a_credential_program_once_and_again_when_the_server_refused()
    {
        var program = Path.Combine(folder, "give token");
        File.WriteAllText(program, $$"""
            #!/bin/sh
            echo x >> "{{folder}}/calls"
            echo '{ "kind": "ExecCredential", "status": { "token": "'"$PREFIX-$1-$(wc -l < "{{folder}}/calls" | tr -d ' ')"'" } }'
            """);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var access = Kubeconfig.Read([Write("a", "server: https://x", "exec: { apiVersion: client.authentication.k8s.io/v1, command: \"./give token\", args: [ \"a b;c\" ], env: [ { name: PREFIX, value: p } ] }")], null, TimeProvider.System);

        Assert.Equal("p-a b;c-1", await access.Credentials.TokenAsync(null, default));
        Assert.Equal("p-a b;c-1", await access.Credentials.TokenAsync(null, default));
        Assert.Equal("p-a b;c-2", await access.Credentials.TokenAsync(refused: "p-a b;c-1", default));
    }

    [Fact]
    public async Task Several_files_are_merged_and_the_first_to_name_something_wins()
    {
        var first = Write("a", "server: https://first", "token: one");
        var second = Write("b", "server: https://second", "token: two", "second");

        Assert.Equal("https://first/", Kubeconfig.Read([first, second], null, TimeProvider.System).Server.AbsoluteUri);
        var other = Kubeconfig.Read([first, second], "second", TimeProvider.System);
        Assert.Equal("https://second/", other.Server.AbsoluteUri);
        Assert.Equal("two", await other.Credentials.TokenAsync(null, default));
    }

    [Theory]
    [InlineData("server: https://x, insecure-skip-tls-verify: true", "token: t", "Tuner always verifies the server")]
    [InlineData("server: http://x", "token: t", "Write an https address.")]
    [InlineData("server: https://x", "username: u, password: hidden", "Use a token, a certificate or a credential program.")]
    [InlineData("server: https://x, certificate-authority-data: '!'", "token: t", "certificate-authority-data is no base64.")]
    [InlineData("server: https://x, certificate-authority-data: aGVsbG8=", "token: t", "there is no certificate in it.")]
    public void What_cannot_be_used_is_told_with_its_cure(string cluster, string user, string told)
    {
        var problem = Assert.Throws<ClusterAccessException>(() => Kubeconfig.Read([Write("a", cluster, user)], null, TimeProvider.System));

        Assert.Contains(told, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_context_is_told_with_those_that_there_are() => Assert.Contains(
        "There is c.",
        Assert.Throws<ClusterAccessException>(() => Kubeconfig.Read([Write("a", "server: https://x", "token: t")], "nowhere", TimeProvider.System)).Message,
        StringComparison.Ordinal);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Write(string name, string cluster, string user, string context = "c")
    {
        var file = Path.Combine(folder, name);
        File.WriteAllText(file, $$"""
            apiVersion: v1
            kind: Config
            clusters: [ { name: "{{context}}", cluster: { {{cluster}} } } ]
            users: [ { name: "{{context}}", user: { {{user}} } } ]
            contexts: [ { name: "{{context}}", context: { cluster: "{{context}}", user: "{{context}}", namespace: tuning } } ]
            current-context: "{{context}}"
            """);
        return file;
    }
}
