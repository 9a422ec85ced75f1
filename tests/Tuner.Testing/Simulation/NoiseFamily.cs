namespace Tuner.Testing.Simulation;

/// <summary>
/// How the seconds of a simulated run differ: the logarithm of a second's latency level wanders with mean zero and is alike
/// in neighbouring seconds (AR(1)); on top, bad spells may begin at random and multiply latencies while they last.
/// </summary>
public sealed record NoiseFamily
{
    public required string Name { get; init; }

    /// <summary>Standard deviation of the level.</summary>
    public required double LevelDeviation { get; init; }

    /// <summary>After so many seconds the correlation of the level has fallen to 1/e.</summary>
    public required double CorrelationSeconds { get; init; }

    /// <summary>Mean seconds from the end of a bad spell to the next one; infinite for none.</summary>
    public double CalmSeconds { get; init; } = double.PositiveInfinity;

    public double SpellSeconds { get; init; } = 1;

    public double SpellFactor { get; init; } = 1;

    /// <summary>Standard deviation of ln(latency) between one deployment and the next.</summary>
    public double BetweenDeviation { get; init; } = 0.06;

    /// <summary>The seconds after which a stretch of the run is as good as independent: twice the correlation time, or a spell.</summary>
    public double BlockSeconds => Math.Max(2 * CorrelationSeconds, double.IsFinite(CalmSeconds) ? 2 * SpellSeconds : 0);

    public double SpellShare => double.IsFinite(CalmSeconds) ? SpellSeconds / (SpellSeconds + CalmSeconds) : 0;

    /// <summary>A quiet machine.</summary>
    public static NoiseFamily Calm { get; } = new() { Name = "calm", LevelDeviation = 0.05, CorrelationSeconds = 1 };

    /// <summary>A shared machine: p99 of ten-second windows ranges over a factor of seven and more.</summary>
    public static NoiseFamily Bursty { get; } = new() { Name = "bursty", LevelDeviation = 0.5, CorrelationSeconds = 5 };

    /// <summary>A machine that is mostly quiet, with spells of several bad seconds.</summary>
    public static NoiseFamily Spells { get; } = new() { Name = "spells", LevelDeviation = 0.05, CorrelationSeconds = 1, CalmSeconds = 25, SpellSeconds = 4, SpellFactor = 2.5 };

    /// <summary>ln of the latency level of each second.</summary>
    public double[] Levels(int seconds, Chance chance)
    {
        var levels = new double[seconds];
        var keep = Math.Exp(-1 / CorrelationSeconds);
        var level = LevelDeviation * chance.Normal();
        var spell = chance.Uniform() < SpellShare;
        for (var second = 0; second < seconds; second++)
        {
            levels[second] = level + (spell ? Math.Log(SpellFactor) : 0);
            level = (keep * level) + (LevelDeviation * Math.Sqrt(1 - (keep * keep)) * chance.Normal());
            spell = chance.Uniform() < (spell ? 1 - (1 / SpellSeconds) : 1 / CalmSeconds);
        }

        return levels;
    }
}
