using System.Collections.Immutable;
using Tuner.Core.Api;

namespace Tuner.Cli.Remote;

/// <summary>A schedule with its next times, soonest first, and its last runs, newest first.</summary>
internal sealed record ShownSchedule(ScheduleView Schedule, ImmutableArray<ScheduleTime> Next, ImmutableArray<ScheduleRunView> History);
