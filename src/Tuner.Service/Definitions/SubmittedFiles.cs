using System.Collections.Immutable;
using Tuner.Core.Definitions;

namespace Tuner.Service.Definitions;

/// <summary>Files that came with the definition; there are no others.</summary>
public sealed class SubmittedFiles(ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> files) : ISweepFiles
{
    public SweepFileContent Read(string name) => files.TryGetValue(name, out var content)
        ? new SweepFileContent(content, null)
        : new SweepFileContent(ReadOnlyMemory<byte>.Empty, $"'{name}' was not submitted with the definition. {Spelling.Hint(name, [.. files.Keys])}");
}
