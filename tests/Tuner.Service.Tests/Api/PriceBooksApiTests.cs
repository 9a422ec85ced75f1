using System.Net;
using System.Text;
using Tuner.Client;
using Tuner.Core.Api;
using Tuner.Core.Trials;
using Tuner.Service.Tests.Engine;
using Tuner.Testing.Sweeps;

namespace Tuner.Service.Tests.Api;

public sealed class PriceBooksApiTests
{
    private const string Book = "currency: EUR\ndate: 2026-11-01\nsource: a contract\ninstances:\n  - { name: sample-half, vcpus: 0.5, memoryGib: 1, pricePerHour: 7 }\n";

    private static ScriptedRunner Hanging => new(_ => new TrialState.Measured(SmallSweep.Steady(milliseconds: 20))) { Hangs = _ => true };

    [Fact]
    public async Task A_price_book_that_was_put_here_counts_for_sweeps_that_name_it()
    {
        await using var tuner = await ServedTuner.StartAsync(Hanging);
        using var client = tuner.Connect();
        using var text = new StringContent(Book, Encoding.UTF8, "application/yaml");

        var put = await client.Api.PutPriceBookAsync("company.yaml", text, CancellationToken.None);
        var plan = await client.Api.PlanAsync(SmallTexts.Body("search: { strategy: grid }", "search: { strategy: grid }\ncost: { prices: company.yaml }"), null, CancellationToken.None);
        var books = await client.Api.PriceBooksAsync(CancellationToken.None);

        Assert.Equal(("company.yaml", "EUR", 1), (put.Name, put.Currency, put.Instances));
        Assert.Equal(("EUR", 7m), (plan.Estimate.Currency, plan.Estimate.CheapestPerHour));
        Assert.Equal(["prices.yaml", "company.yaml"], books.Select(book => book.Name));
        Assert.Equal(Book, await client.Api.PriceBookAsync("company.yaml", CancellationToken.None));
    }

    [Fact]
    public async Task A_price_book_with_mistakes_is_told_each_of_them_and_not_kept()
    {
        await using var tuner = await ServedTuner.StartAsync(Hanging);
        using var client = tuner.Connect();
        using var text = new StringContent("currency: euros\ndate: 2026-11-01\nsource: a contract\ninstances:\n  - { name: a, vcpus: 1, memoryGib: 1, pricePerHour: 0 }\n", Encoding.UTF8, "application/yaml");

        var refused = await Assert.ThrowsAsync<TunerApiException>(() => client.Api.PutPriceBookAsync("bad.yaml", text, CancellationToken.None));
        var missing = await Assert.ThrowsAsync<TunerApiException>(() => client.Api.PriceBookAsync("bad.yaml", CancellationToken.None));

        Assert.Equal(["currency", "instances[0].pricePerHour"], refused.Problem.Errors.Select(error => error.Path));
        Assert.Equal(HttpStatusCode.NotFound, missing.Status);
    }

    [Fact]
    public async Task The_shipped_price_book_stays_and_others_are_removed()
    {
        await using var tuner = await ServedTuner.StartAsync(Hanging);
        using var client = tuner.Connect();
        using var first = new StringContent(Book, Encoding.UTF8, "application/yaml");
        using var second = new StringContent(Book, Encoding.UTF8, "application/yaml");
        await client.Api.PutPriceBookAsync("company.yaml", first, CancellationToken.None);

        await client.Api.DeletePriceBookAsync("company.yaml", CancellationToken.None);
        var kept = await Assert.ThrowsAsync<TunerApiException>(() => client.Api.PutPriceBookAsync("prices.yaml", second, CancellationToken.None));

        Assert.Equal(HttpStatusCode.Conflict, kept.Status);
        Assert.True(Assert.Single(await client.Api.PriceBooksAsync(CancellationToken.None)).Shipped);
    }
}
