using System.Globalization;
using Tuner.Core.Pricing;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;
using Tuner.Service.Engine;
using Tuner.Service.Reports.Sections;

namespace Tuner.Cli;

/// <summary>Progress as lines, one for each trial's start and end: for logs, pipes and CI.</summary>
/// <param name="sweep">What is asked.</param>
/// <param name="earlier">Trials of an earlier run of the same sweep.</param>
/// <param name="before">How long the sweep was worked on before this run of it.</param>
/// <param name="output">Where the lines go.</param>
/// <param name="time">By which the time that is left is told.</param>
internal sealed class PlainProgress(Sweep sweep, IEnumerable<Trial> earlier, TimeSpan before, TextWriter output, TimeProvider time) : ISweepObserver
{
    private readonly Lock gate = new();
    private readonly SweepProgressLine line = new(sweep, before, time);
    private readonly List<Trial> ended = [.. earlier.Where(trial => trial.HasEnded)];

    public void TrialStarted(Trial trial, string why) =>
        Write(string.Create(CultureInfo.InvariantCulture, $"trial {trial.Number,3}  {TrialWords.Purpose(trial.Purpose),-8}  {trial.Candidate}  {Money(trial)}/h  ({why})"));

    public void TrialProgressed(Trial trial, TrialProgress progress)
    {
        // Lines for starts and ends are enough where nobody watches.
    }

    public void TrialEnded(Trial trial)
    {
        lock (gate)
        {
            ended.Add(trial);
            Write($"trial {trial.Number,3}  {TrialWords.Outcome(sweep, trial, ended, aligned: true)}{(TrialWords.Objective(sweep, trial) is { } value ? $"  {MinimizedRow.Of(sweep)?.Words(value)}" : "")}");
            Write($"           {line.Of(ended)}");
        }
    }

    public void Noted(string message) => Write(message);

    private string Money(Trial trial) => string.Create(CultureInfo.InvariantCulture, $"{sweep.PerHour(trial.Candidate):0.####} {sweep.Cost.Currency}");

    private void Write(string line)
    {
        lock (gate)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }
}
