using Tuner.Service.Storage;

namespace Tuner.Service.Tests.Storage;

/// <summary>Tests that hold on each database; one line of a class derives from them for each.</summary>
public abstract class StoreContract(StorePlace place) : IAsyncLifetime
{
    protected StorePlace Place => place;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => place.DisposeAsync().AsTask();

    /// <summary>The same database each time within a test.</summary>
    protected Task<Database> OpenAsync(TimeProvider time) => place.OpenAsync(time);
}
