using System.Data.Common;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;
using Tuner.Service.Api;
using Tuner.Service.Pages.Components;
using Tuner.Service.Pages.Models;
using Tuner.Service.Storage;

namespace Tuner.Service.Pages;

/// <summary>
/// Asks for a page and makes those of the sweeps that go on, before the start is over and somebody looks: what a process
/// does for the first time takes seconds on a busy machine. A start never fails by it.
/// </summary>
internal sealed class FirstPages(IServer server, ISweepStore store, SweepLibrary library, SweepSnapshots snapshots, LiveSweep live, TimeProvider time) : IHostedLifecycleService
{
    private const int Sweeps = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        // Where no port is listened on, nobody looks from outside.
        if (Address() is not { } address)
        {
            return;
        }

        using var patience = new CancellationTokenSource(Patience, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await Task.WhenAll(AskAsync(address, ending.Token), MakeAsync(ending.Token));
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or DbException or IOException)
        {
            // Whoever asks first waits longer, and is told what is wrong.
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The one page that takes no key.</summary>
    private static async Task AskAsync(Uri address, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        using var client = new HttpClient(handler);
        using var answer = await client.GetAsync(new Uri(address, SignInPages.Page), cancellationToken);
    }

    private async Task MakeAsync(CancellationToken cancellationToken)
    {
        var going = await store.ListSweepsAsync(new SweepQuery { States = [SweepState.Running, SweepState.Queued, SweepState.Paused], Limit = Sweeps }, cancellationToken);
        foreach (var stored in going.Sweeps)
        {
            if (await library.FindAsync(stored.Id, cancellationToken) is { } sweep)
            {
                await PageWriter.RenderAsync<OneSweepPage>(await SweepPages.ModelAsync(new PageFrame(), stored, sweep, store, snapshots, live, cancellationToken));
            }
        }
    }

    /// <summary>Where this process itself reaches the service; null where it listens on no port.</summary>
    private Uri? Address()
    {
        if (server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is not { } text)
        {
            return null;
        }

        var address = new UriBuilder(text);
        return IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))
            ? new UriBuilder(address.Uri) { Host = (ip.Equals(IPAddress.Any) ? IPAddress.Loopback : IPAddress.IPv6Loopback).ToString() }.Uri
            : address.Uri;
    }
}
