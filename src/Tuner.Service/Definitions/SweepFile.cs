using System.Collections.Immutable;
using System.Text;
using Tuner.Core.Definitions;
using Tuner.Core.Pricing;

namespace Tuner.Service.Definitions;

/// <summary>From a file to a sweep, and from a stored submission to the same sweep again.</summary>
public static class SweepFile
{
    /// <summary>Reads and validates the file at this path; expected failures are problems of the reading, not exceptions.</summary>
    public static SweepReading Load(string path, ShippedPrices prices)
    {
        var (bytes, problem) = Bytes(path);
        if (problem is not null)
        {
            return Failed(path, problem);
        }

        var full = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(full)!;
        return Record(path, Text(bytes), folder, new SweepFolder(folder), prices);
    }

    /// <summary>Reads and validates a definition that came with its files, from nowhere on this machine.</summary>
    /// <param name="baseDirectory">Against which a process's working directory counts.</param>
    public static SweepReading Submitted(string fileName, string definition, string baseDirectory, ISweepFiles files, ShippedPrices prices) =>
        Record(fileName, definition, baseDirectory, files, prices);

    /// <summary>Makes the sweep again from what was stored; touches no file.</summary>
    public static SweepReading Rebuild(SweepSubmission submission) =>
        Read(submission.FileName, submission.Definition, submission.BaseDirectory, new SubmittedFiles(submission.Files), new ShippedPrices(submission.PriceBookName, submission.PriceBook)) with { Submission = submission };

    private static SweepReading Record(string file, string text, string folder, ISweepFiles source, ShippedPrices prices)
    {
        var files = new RecordingFiles(source);
        var reading = Read(file, text, folder, files, prices);
        return reading with
        {
            Submission = new SweepSubmission
            {
                FileName = Path.GetFileName(file),
                Definition = text,
                BaseDirectory = folder,
                Files = files.Seen,
                PriceBookName = prices.Name,
                PriceBook = prices.Text,
            },
        };
    }

    private static SweepReading Read(string file, string text, string folder, ISweepFiles files, ShippedPrices prices)
    {
        var (definition, problems) = SweepYaml.Read(text, Path.GetFileName(file));
        if (definition is null)
        {
            return new SweepReading { File = file, Problems = problems };
        }

        var (book, priceProblems) = PriceBookReading.Read(prices.Name, prices.Text, SweepYaml.ReadTree);
        if (book is null)
        {
            return new SweepReading { File = prices.Name, Problems = priceProblems };
        }

        var named = NamedTarget.Find(definition.Root);
        DefinitionProblem? unknown = null;
        if (named is not null)
        {
            definition = NamedTarget.Put(definition, named, files, out unknown);
        }

        var validation = SweepValidator.Validate(definition, new SweepInputs
        {
            Files = files,
            Prices = book,
            Syntax = SweepYaml.ReadTree,
            BaseDirectory = folder,
        });
        var all = new ProblemList();
        all.AddRange(unknown is null ? problems : problems.Add(unknown));

        // What the reader could not take is not complained about a second time.
        all.AddRange(validation.Problems.Where(problem => !problems.Any(first => (first.Line, first.Column) == (problem.Line, problem.Column)))
            .Select(problem => named is null ? problem : NamedTarget.Named(problem, named)));
        return new SweepReading { File = file, Sweep = all.HasErrors ? null : validation.Sweep, Problems = all.InOrder(), UnknownTarget = unknown is null ? null : named!.Text };
    }

    private static (byte[] Bytes, string? Problem) Bytes(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return !file.Exists ? ([], Directory.Exists(path) ? "is a folder. Name a sweep's file." : "does not exist. Check the path.")
                : file.Length > 4L * SweepYaml.MaxCharacters ? ([], $"has {file.Length:N0} bytes, too many for a sweep. Move bodies into files of their own.")
                : (File.ReadAllBytes(path), null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return ([], $"cannot be read: {exception.Message}");
        }
    }

    private static string Text(byte[] bytes)
    {
        using var reader = new StreamReader(new MemoryStream(bytes), Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        return reader.ReadToEnd();
    }

    private static SweepReading Failed(string path, string problem) => new()
    {
        File = path,
        Problems = [new DefinitionProblem(ProblemSeverity.Error, "", 0, 0, $"the file {problem}")],
    };

    /// <summary>Remembers what was read, so that it can be stored with the definition.</summary>
    private sealed class RecordingFiles(ISweepFiles inner) : ISweepFiles
    {
        private readonly ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Builder seen =
            ImmutableSortedDictionary.CreateBuilder<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);

        public ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Seen => seen.ToImmutable();

        public SweepFileContent Read(string name)
        {
            var content = inner.Read(name);
            if (content.Problem is null)
            {
                seen[name] = content.Bytes;
            }

            return content;
        }
    }
}
