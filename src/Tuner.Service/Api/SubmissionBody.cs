using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Tuner.Core.Api;
using Tuner.Service.Submitting;

namespace Tuner.Service.Api;

/// <summary>Reads a submission in any of its forms: the definition alone, JSON with files, or a form with files.</summary>
internal static class SubmissionBody
{
    private const string JsonType = "application/json";
    private const string YamlType = "application/yaml";
    private const string FormType = "multipart/form-data";
    private const string DefinitionPart = "definition";
    private const string UsualName = "sweep.yaml";
    private const int MostFiles = 200;
    private const int LongestName = 260;

    /// <summary>Every type that is read; a request of another one does not come this far.</summary>
    public static ImmutableArray<string> Types { get; } = [JsonType, YamlType, FormType, "application/x-yaml", "text/yaml", "text/x-yaml", "text/plain"];

    /// <summary>The submission, or what is wrong with the body, with its cure.</summary>
    public static async Task<(SubmittedSweep? Sweep, string? Problem)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var type = request.ContentType?.Split(';')[0].Trim().ToLowerInvariant() ?? "";
        if (type is FormType)
        {
            return await OfFormAsync(request, cancellationToken);
        }

        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(cancellationToken);
        return type is JsonType ? OfJson(text) : (Alone(UsualName, text), null);
    }

    private static SubmittedSweep Alone(string fileName, string text) =>
        new(fileName, text, ImmutableSortedDictionary.Create<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal));

    // An object with 'definition' carries files; anything else is the definition itself, whose reader tells what is wrong with it.
    private static (SubmittedSweep? Sweep, string? Problem) OfJson(string text)
    {
        SweepSubmissionBody body;
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind is not JsonValueKind.Object || !document.RootElement.TryGetProperty(DefinitionPart, out _))
            {
                return (Alone("sweep.json", text), null);
            }

            body = document.Deserialize<SweepSubmissionBody>(ApiJson.Options)!;
        }
        catch (JsonException exception)
        {
            return (null, $"The body cannot be read: {exception.Message}");
        }

        var files = ImmutableSortedDictionary.CreateBuilder<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        foreach (var (name, content) in body.Files)
        {
            // Annotations of what a collection holds are not checked when it is read.
            var bytes = new byte[content?.Length ?? 0];
            if (content is null || !Convert.TryFromBase64String(content, bytes, out var length))
            {
                return (null, $"files['{name}'] is no base64. Encode the file's bytes.");
            }

            files[name] = bytes.AsMemory(0, length);
        }

        return Checked(new SubmittedSweep(body.FileName, body.Definition, files.ToImmutable()));
    }

    private static async Task<(SubmittedSweep? Sweep, string? Problem)> OfFormAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        IFormCollection form;
        try
        {
            form = await request.ReadFormAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException and not BadHttpRequestException)
        {
            return (null, $"The form cannot be read: {exception.Message}");
        }

        var files = ImmutableSortedDictionary.CreateBuilder<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        var definition = form[DefinitionPart].FirstOrDefault();
        var fileName = UsualName;
        foreach (var file in form.Files)
        {
            using var content = new MemoryStream();
            await file.CopyToAsync(content, cancellationToken);
            if (string.Equals(file.Name, DefinitionPart, StringComparison.Ordinal))
            {
                (definition, fileName) = (Encoding.UTF8.GetString(content.ToArray()), file.FileName);
            }
            else
            {
                files[file.FileName] = content.ToArray();
            }
        }

        return definition is null
            ? (null, $"The form has no part '{DefinitionPart}'. Send the definition under that name.")
            : Checked(new SubmittedSweep(fileName, definition, files.ToImmutable()));
    }

    private static (SubmittedSweep? Sweep, string? Problem) Checked(SubmittedSweep sweep)
    {
        if (sweep.Files.Count > MostFiles)
        {
            return (null, $"{sweep.Files.Count} files came with the definition, more than {MostFiles}. Send those that it names.");
        }

        var bad = sweep.Files.Keys.FirstOrDefault(name => !IsInside(name));
        return bad is null
            ? (sweep with { FileName = Path.GetFileName(sweep.FileName) is { Length: > 0 and <= LongestName } name && !name.Any(char.IsControl) ? name : UsualName }, null)
            : (null, $"'{bad}' is no name of a file within the submission. Name files as the definition does, relative to it and without '..'.");
    }

    private static bool IsInside(string name) =>
        name.Length is > 0 and <= LongestName
        && !name.Any(character => char.IsControl(character) || character is '\\')
        && name.Split('/').All(part => part is not ("" or "." or ".."));
}
