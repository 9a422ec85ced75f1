using Tuner.Core.Sweeps;
using Tuner.Service.Definitions;
using Tuner.Service.Storage;

namespace Tuner.Cli.Serving;

/// <summary>Registers the commands of sweeps, so that submitted sweeps may have them.</summary>
internal sealed class TargetRegistration(Database database, TextWriter error)
{
    private const string SampleName = "digits";

    /// <summary>The sample that travels with the command, so that the first sweep can be submitted as it is; a target of that name stays.</summary>
    public async Task AddSampleAsync(CancellationToken cancellationToken)
    {
        var sample = Path.Combine(AppContext.BaseDirectory, "samples", SampleName + ".yaml");
        var known = await new TargetTemplateStore(database).ListAsync(cancellationToken);
        if (File.Exists(sample) && !known.Any(template => string.Equals(template.Name, SampleName, StringComparison.Ordinal)))
        {
            await AddAsync(SampleName, sample, cancellationToken);
        }
    }

    /// <summary>Each under its sweep's name; false where one is not valid.</summary>
    public async Task<bool> AddAllAsync(IEnumerable<string> files, CancellationToken cancellationToken)
    {
        var good = true;
        foreach (var file in files)
        {
            good &= await AddAsync(null, file, cancellationToken) is not null;
        }

        return good;
    }

    /// <returns>The template's name; null where the sweep is not valid, which was told.</returns>
    public async Task<string?> AddAsync(string? name, string file, CancellationToken cancellationToken)
    {
        var reading = SweepFile.Load(file, ShippedPrices.Load());
        if (!reading.IsValid)
        {
            ValidateCommand.Print(reading, error);
            return null;
        }

        if (reading.Sweep.Target is not Target.Process)
        {
            await error.WriteLineAsync($"{file}: has no target.process: there is no command to register.");
            return null;
        }

        var known = name ?? reading.Sweep.Name;
        await new TargetTemplateStore(database).PutAsync(known, reading.Submission, TimeProvider.System.GetUtcNow(), cancellationToken);
        return known;
    }
}
