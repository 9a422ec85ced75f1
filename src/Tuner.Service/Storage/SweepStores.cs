using Tuner.Service.Gate;

namespace Tuner.Service.Storage;

/// <summary>The stores of one database, made together.</summary>
public sealed class SweepStores(Database database)
{
    public Database Database { get; } = database;

    public ISweepStore Sweeps { get; } = new SqlSweepStore(database);

    public GateStore Gate { get; } = new(database);

    public SlotStore Slots { get; } = new(database);

    public IClaimStore Claims { get; } = new SqlClaimStore(database);
}
