using System.CommandLine;

namespace Tuner.Cli.Tests;

/// <summary>Programs read what commands print: every command has <c>--output json</c>, or a reason why not.</summary>
public sealed class JsonOutputTests
{
    private static readonly Dictionary<string, string> Reasons = new(StringComparer.Ordinal)
    {
        ["schema"] = "prints JSON already",
        ["suggest"] = "speaks JSON lines already",
        ["completion"] = "prints a script for a shell",
        ["export"] = "prints a file in the format that was asked for",
        ["serve"] = "runs until it is stopped; its log has a JSON form of its own (--logs)",
        ["key generate"] = "prints one secret, for a file that a service reads it from",
        ["argo install"] = "its --print writes the manifests",
        ["argo ready"] = "runs in a pod and writes files",
    };

    public static TheoryData<string> Commands => [.. Leaves(CommandTree.Create(), []).Select(leaf => leaf.Path)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_command_prints_json_or_has_a_reason_not_to(string path)
    {
        var command = Leaves(CommandTree.Create(), []).First(leaf => leaf.Path == path).Command;
        var output = command.Options.FirstOrDefault(option => option.Name == "--output");
        var json = output is { Description: { } help } && help.Contains("json", StringComparison.Ordinal) && command.Parse([.. Placeholders(command), "--output", "json"]).GetResult(output) is { Errors: var errors } && !errors.Any();

        Assert.True(json != Reasons.ContainsKey(path), json ? $"'{path}' has --output json: take its reason away." : $"'{path}' has neither --output json nor a reason.");
    }

    [Theory]
    [InlineData("", "json-schema.org")]
    [InlineData("--report", "urn:tuner:report")]
    [InlineData("--comparison", "urn:tuner:comparison")]
    public async Task Every_schema_is_printed_by_a_process_that_does_nothing_else(string option, string id)
    {
        using var command = await Running.TunerCommand.RunAsync(Path.GetTempPath(), [.. new[] { "schema", option }.Where(word => word.Length > 0)]);

        Assert.Equal((0, ""), (command.ExitCode, command.Errors.Trim()));
        Assert.Contains(id, command.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void No_reason_is_left_of_a_command_that_is_gone() => Assert.Empty(Reasons.Keys.Except(Leaves(CommandTree.Create(), []).Select(leaf => leaf.Path), StringComparer.Ordinal));

    private static IEnumerable<string> Placeholders(Command command) => command.Arguments.Where(argument => argument.Arity.MinimumNumberOfValues > 0).Select(_ => "x");

    private static IEnumerable<(string Path, Command Command)> Leaves(Command command, string[] path) => command.Subcommands.Count == 0 && path.Length > 0
        ? [(string.Join(' ', path), command)]
        : command.Subcommands.SelectMany(child => Leaves(child, [.. path, child.Name]));
}
