using Tuner.Core.Planning;
using Tuner.Core.Recommending;
using Tuner.Core.Search;
using Tuner.Core.Trials;

namespace Tuner.Testing.Simulation;

/// <summary>
/// A simulated sweep played to its end by the real planner, judge and recommender, one trial after the other in virtual
/// time.
/// </summary>
public sealed record SimulatedPlay(IReadOnlyList<Trial> Trials, StopReason Stop, Recommendation Answer, double LoadSeconds)
{
    /// <summary>Seconds of load, warm-up included, by what the trials were for.</summary>
    public required IReadOnlyDictionary<TrialPurpose, double> LoadSecondsByPurpose { get; init; }

    private const int MostTrials = 400;

    public static SimulatedPlay Of(SimulatedSweep simulated, ISearchStrategy strategy)
    {
        var (sweep, clock) = (simulated.Sweep, new VirtualClock());
        var runner = new SimulatedTrialRunner(simulated.Service, clock);
        var (trials, started) = (new List<Trial>(), clock.GetUtcNow());
        var seconds = new Dictionary<TrialPurpose, double>();
        while (trials.Count < MostTrials)
        {
            switch (SweepPlanner.Next(sweep, trials, strategy, clock.GetUtcNow() - started))
            {
                case SweepStep.Start start:
                    var before = runner.LoadSeconds;
                    trials.Add(Run(runner, simulated, start, trials, clock));
                    seconds[start.Purpose] = seconds.GetValueOrDefault(start.Purpose) + runner.LoadSeconds - before;
                    break;
                case SweepStep.Finish finish:
                    return new SimulatedPlay(trials, finish.Reason, Recommender.Recommend(sweep, trials, finish.Reason), runner.LoadSeconds) { LoadSecondsByPurpose = seconds };
                default:
                    throw new InvalidOperationException("The planner waits although nothing runs.");
            }
        }

        throw new InvalidOperationException($"The sweep did not end within {MostTrials} trials.");
    }

    private static Trial Run(SimulatedTrialRunner runner, SimulatedSweep simulated, SweepStep.Start start, IReadOnlyList<Trial> earlier, VirtualClock clock)
    {
        var number = earlier.Count + 1;
        var trial = new Trial
        {
            Id = new TrialId($"{simulated.Sweep.Name}-{number}"),
            Number = number,
            Candidate = start.Candidate,
            Purpose = start.Purpose,
            State = new TrialState.Measuring(),
            CreatedAt = clock.GetUtcNow(),
            ChangedAt = clock.GetUtcNow(),
        };
        var outcome = runner.Run(Screening.For(simulated.Sweep, trial, earlier), trial);
        return trial with { State = outcome.State, Deployed = outcome.Deployed, ChangedAt = clock.GetUtcNow() };
    }
}
