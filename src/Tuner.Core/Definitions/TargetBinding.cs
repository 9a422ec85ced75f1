using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;

namespace Tuner.Core.Definitions;

/// <summary>Reads where candidates run, and checks every placeholder.</summary>
internal static class TargetBinding
{
    public static Target? Read(Section root, ImmutableArray<Parameter> parameters, SweepInputs inputs)
    {
        // A parameter with an error of its own is still a name that templates may use without a second error.
        string[] names = [.. parameters.Select(parameter => parameter.Name).Union(root.Sections("parameters").Select(pair => pair.Key), StringComparer.Ordinal)];
        var target = root.Sub("target");
        return target.Has("process") ? Process(target.Sub("process"), parameters, [.. names, .. TemplateNames.All], inputs)
            : target.Has("argo") ? ArgoBinding.Read(target.Sub("argo"), parameters, [.. names, .. TemplateNames.InCluster], inputs)
            : target.Has("endpoint") ? Endpoint(root, target.Sub("endpoint"))
            : null;
    }

    /// <summary>The names of all placeholders in the target.</summary>
    public static IEnumerable<string> Placeholders(Target? target) => target switch
    {
        Target.Process process => process.Command.Concat(process.Environment.Select(pair => pair.Value)).Concat(process.Files.Select(file => file.Content)).Append(process.Replicas).SelectMany(template => template.Names),
        Target.Argo argo => ArgoBinding.Placeholders(argo),
        _ => [],
    };

    private static Target.Process? Process(Section section, ImmutableArray<Parameter> parameters, string[] known, SweepInputs inputs)
    {
        var command = section.Scalars("command").Select(item => Checked(item.Value.Text, item.Place, known, section.Problems)).ToImmutableArray();
        var env = section.Scalars("env").Select(item => KeyValuePair.Create(item.Key, Checked(item.Value.Text, item.Place, known, section.Problems))).ToImmutableArray();
        foreach (var (key, _, place) in section.Scalars("env").Where(item => item.Key.Length == 0 || item.Key.Contains('=', StringComparison.Ordinal)))
        {
            section.Problems.Error(place, $"'{key}' is no name of an environment variable.");
        }

        var files = Files(section, known, inputs.Files);
        var program = command is [var first, ..] ? first.Text : null;
        if (program is not null && program.AsSpan().Trim().IsEmpty)
        {
            section.Error("command", "begins with an empty program name. Write the program first.");
        }

        if (command.Length == 1 && program!.Contains(' ', StringComparison.Ordinal))
        {
            section.Problems.Warn(section.At("command"), $"'{program}' is one argument with a space in it. List program and arguments one by one: no shell takes it apart.");
        }

        if (!command.IsEmpty && !command.Concat(env.Select(pair => pair.Value)).Concat(files.Select(file => file.Content)).Any(template => template.Names.Contains(TemplateNames.Port)))
        {
            section.Problems.Warn(section.At("command"), "uses {{port}} nowhere, neither in arguments nor in env nor in files: the server cannot know which port to listen on.");
        }

        var readiness = section.Sub("readiness");
        var path = readiness.Text("path");
        RequirePath(readiness, "path", path);
        var timeout = readiness.Duration("timeout");
        if (timeout == TimeSpan.Zero)
        {
            readiness.Error("timeout", "is zero, so that nothing could ever be ready. Write for example 60s.");
        }

        var replicas = Replicas(section, parameters, known);
        var directory = section.Text("workingDirectory");
        return command.IsEmpty || replicas is null || path is null || timeout is null || directory is null || section.Duration("stopTimeout") is not { } stop ? null : new Target.Process
        {
            Command = command,
            Environment = env,
            Files = files,
            Replicas = replicas,
            Readiness = new Readiness(path, timeout.Value),
            StopTimeout = stop,
            WorkingDirectory = Path.GetFullPath(Path.Combine(inputs.BaseDirectory, directory)),
        };
    }

    private static ImmutableArray<CandidateFile> Files(Section section, string[] known, ISweepFiles files)
    {
        var result = ImmutableArray.CreateBuilder<CandidateFile>();
        foreach (var (path, source, place) in section.Scalars("files"))
        {
            var content = files.Read(source.Text);
            if (path.Length == 0 || Path.IsPathRooted(path) || path.Split('/').Any(part => part is "" or "." or ".."))
            {
                section.Problems.Error(place, $"'{path}' is no path within the replica's folder. Write it like conf/server.conf.");
            }
            else if (content.Problem is { } problem)
            {
                section.Problems.Error(place, problem);
            }
            else
            {
                result.Add(new CandidateFile(path, Checked(Encoding.UTF8.GetString(content.Bytes.Span), place, known, section.Problems)));
            }
        }

        return result.ToImmutable();
    }

    internal static Template? Replicas(Section section, ImmutableArray<Parameter> parameters, string[] known)
    {
        var parameter = parameters.FirstOrDefault(parameter => parameter.Name == "replicas");
        if (!section.Has("replicas"))
        {
            return Template.Parse(parameter is null ? "1" : "{{replicas}}");
        }

        if (section.Text("replicas") is not { } text)
        {
            return null;
        }

        var template = Checked(text, section.At("replicas"), known, section.Problems);
        if (parameters.FirstOrDefault(other => other.Name == text.Trim()) is not null)
        {
            section.Error("replicas", $"'{text}' is text here. Write \"{{{{{text.Trim()}}}}}\" for the parameter's value.");
            return null;
        }

        if (template.Names.IsEmpty)
        {
            return Count(section, text) ? template : null;
        }

        if (template.Names.Length > 1 || text.Trim() != $"{{{{{template.Names[0]}}}}}" && text.Trim().TrimStart('{').TrimEnd('}').Trim() != template.Names[0])
        {
            section.Error("replicas", $"'{text}' is no number of replicas. Write a number, or one placeholder such as \"{{{{replicas}}}}\".");
            return null;
        }

        var used = parameters.FirstOrDefault(other => other.Name == template.Names[0]);
        if (TemplateNames.All.Contains(template.Names[0]))
        {
            section.Error("replicas", $"'{text}' is no number of replicas. Write a number, or the placeholder of a parameter.");
            return null;
        }

        var bad = used is null || used.GridSize() is null or > 100_000 ? null : used.Grid().Select(value => value.Text).FirstOrDefault(value => !IsCount(value));
        if (used is { } && (bad is not null || used.GridSize() is null))
        {
            section.Error("replicas", $"'{used.Name}' may be {bad ?? "a fraction"}, which is no number of replicas. Let it take whole numbers from 1.");
            return null;
        }

        return template;
    }

    private static bool Count(Section section, string text)
    {
        if (!IsCount(text))
        {
            section.Error("replicas", $"'{text}' is no number of replicas. Write a whole number from 1, or a placeholder such as \"{{{{replicas}}}}\".");
        }

        return IsCount(text);
    }

    private static bool IsCount(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= 1000;

    private static Target.Endpoint? Endpoint(Section root, Section section)
    {
        foreach (var (name, parameter) in root.Sections("parameters").Where(pair => pair.Key != SearchSpace.InstanceTypeParameter || !pair.Section.Has("values") || pair.Section.Scalars("values").Count > 1))
        {
            root.Problems.Error(parameter.Here, $"an endpoint runs already, so '{name}' cannot be tuned. Remove the parameter, or describe the process under target.process.");
        }

        var places = section.Has("url")
            ? section.Text("url") is { } url ? [(url, section.At("url"))] : []
            : section.Scalars("urls").Select(item => (item.Value.Text, item.Place)).ToArray();
        var urls = ImmutableArray.CreateBuilder<Uri>();
        foreach (var (text, place) in places)
        {
            if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            {
                root.Problems.Error(place, $"'{text}' is no address. Write it like http://127.0.0.1:8080.");
            }
            else if (uri.PathAndQuery != "/" || uri.UserInfo.Length > 0)
            {
                root.Problems.Error(place, uri.UserInfo.Length > 0
                    ? "holds a user name. Send credentials as a header of load.request."
                    : $"'{text}' has a path. Write {uri.GetLeftPart(UriPartial.Authority)} here, and the path under load.request.path.");
            }
            else
            {
                urls.Add(uri);
            }
        }

        return urls.Count == 0 ? null : new Target.Endpoint { Urls = urls.ToImmutable() };
    }

    public static void RequirePath(Section section, string key, string? path)
    {
        if (path is not null && (!path.StartsWith('/') || path.Any(char.IsWhiteSpace) || path.Any(char.IsControl)))
        {
            section.Error(key, path.StartsWith('/')
                ? $"'{path}' has a space in it. Write %20 for a space."
                : Uri.TryCreate(path, UriKind.Absolute, out var uri) && uri.Scheme.StartsWith("http", StringComparison.Ordinal)
                    ? $"'{path}' is a whole address. Write the path alone, {uri.PathAndQuery}."
                    : $"'{path}' does not begin with a slash. Write /{path}.");
        }
    }

    internal static Template Checked(string text, Place place, string[] known, ProblemList problems)
    {
        var template = Template.Parse(text);
        foreach (var name in template.Names.Distinct(StringComparer.Ordinal).Where(name => !known.Contains(name, StringComparer.Ordinal)))
        {
            problems.Error(place, name.Length == 0
                ? "holds an empty placeholder. Write a name between the braces."
                : $"'{{{{{name}}}}}' is not known. {Spelling.Hint(name, known)}");
        }

        var last = text.LastIndexOf("{{", StringComparison.Ordinal);
        if (last >= 0 && text.IndexOf("}}", last, StringComparison.Ordinal) < 0)
        {
            problems.Error(place, $"'{(text.Length <= 60 ? text : text.Substring(last, Math.Min(60, text.Length - last)))}' opens a placeholder that is not closed. Add }}}}.");
        }

        return template;
    }
}
