using System.Net;
using Tuner.Core.Measurements;
using Tuner.Core.Sweeps;
using Tuner.Core.Trials;

namespace Tuner.Local;

/// <summary>Where local trials keep their things and what they know of the machine.</summary>
public sealed record LocalOptions
{
    /// <summary>Tuner's folder of state, usually <c>.tuner</c>; records of running trials go into <c>local/</c> below it.</summary>
    public required string StateDirectory { get; init; }

    public Machine Machine { get; init; } = Machine.Probe();

    /// <summary>What <c>{{tuner.samples}}</c> stands for.</summary>
    public string SamplesDirectory { get; init; } = Path.Combine(AppContext.BaseDirectory, "samples");

    /// <summary>The lock that lets one trial at a time run on this machine; every Tuner on it must name the same file.</summary>
    public string SlotFile { get; init; } = MachineSlot.DefaultFile;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// Makes the judge that may end a hopeless trial early: it sees the full seconds so far and gives the reason, or null
    /// to go on. Not asked where the sweep says <c>earlyAbort: false</c>.
    /// </summary>
    public Func<Sweep, Trial, Func<IReadOnlyList<PhaseMeasurement>, string?>>? EndEarly { get; init; }

    /// <summary>Judges each address of an endpoint before load is sent to it; null allows every one. Candidates that Tuner started are not asked about.</summary>
    public Func<IPEndPoint, bool>? MayLoad { get; init; }

    internal string RecordDirectory => Path.Combine(Path.GetFullPath(StateDirectory), "local");
}
