using Tuner.Core.Planning;
using Tuner.Core.Search;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Testing.Sweeps;

/// <summary>Plays a sweep step by step without effects: each started trial ends at once in the state that the test says.</summary>
public static class SweepPlayer
{
    private const int MaxTrials = 200;

    public static (IReadOnlyList<Trial> Trials, StopReason Stop) Play(Sweep sweep, ISearchStrategy strategy, Func<Candidate, int, TrialState> outcome)
    {
        var trials = new List<Trial>();
        while (trials.Count < MaxTrials)
        {
            var running = TimeSpan.FromSeconds(trials.Sum(trial => trial.Deployed.TotalSeconds));
            switch (SweepPlanner.Next(sweep, trials, strategy, running))
            {
                case SweepStep.Start start:
                    trials.Add(new Trial
                    {
                        Id = new TrialId($"play-{trials.Count + 1}"),
                        Number = trials.Count + 1,
                        Candidate = start.Candidate,
                        Purpose = start.Purpose,
                        State = outcome(start.Candidate, trials.Count + 1),
                        Deployed = TimeSpan.FromSeconds(25),
                        CreatedAt = DateTimeOffset.UnixEpoch,
                        ChangedAt = DateTimeOffset.UnixEpoch,
                    });
                    break;
                case SweepStep.Finish finish:
                    return (trials, finish.Reason);
                default:
                    throw new InvalidOperationException("The planner waits although nothing runs.");
            }
        }

        throw new InvalidOperationException($"The sweep did not end within {MaxTrials} trials.");
    }
}
