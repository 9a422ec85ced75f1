using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tuner.Core.Api;
using Tuner.Core.Pricing;
using Tuner.Service.Access;
using Tuner.Service.Definitions;
using Tuner.Service.Storage;

namespace Tuner.Service.Api;

/// <summary>Price books: the shipped one, and those that sweeps of this service may name under <c>cost.prices</c>.</summary>
internal static class PriceBooksApi
{
    public static void MapPriceBooks(this IEndpointRouteBuilder api)
    {
        var books = api.MapGroup("/price-books").WithTags("Price books");
        books.MapGet("/", ListAsync).WithName("ListPriceBooks").WithSummary("The shipped price book, and those that were put here");
        books.MapGet("/{name}", GetAsync).WithName("GetPriceBook").WithSummary("A price book as it was written")
            .Produces<string>(StatusCodes.Status200OK, "text/plain").Refuses(StatusCodes.Status404NotFound);
        books.MapPut("/{name}", PutAsync).ForAdmins().WithName("PutPriceBook").WithSummary("Put a price book, YAML or (by a name ending in .csv) a catalog")
            .Accepts<string>("application/yaml", "text/csv", "text/plain").Refuses(StatusCodes.Status409Conflict, StatusCodes.Status422UnprocessableEntity);
        books.MapDelete("/{name}", DeleteAsync).ForAdmins().WithName("DeletePriceBook").WithSummary("Remove a price book; sweeps that were made with it keep their prices").Refuses(StatusCodes.Status404NotFound);
    }

    private static async Task<Ok<PriceBookView[]>> ListAsync(PriceBookStore store, ShippedPrices shipped, CancellationToken cancellationToken)
    {
        var stored = await store.ListAsync(cancellationToken);
        return TypedResults.Ok(new[] { View(shipped.Name, shipped.Text, isShipped: true) }
            .Concat(stored.Select(pair => View(pair.Key, pair.Value, isShipped: false))).OfType<PriceBookView>().ToArray());
    }

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> GetAsync(string name, PriceBookStore store, ShippedPrices shipped, CancellationToken cancellationToken)
    {
        var text = string.Equals(name, shipped.Name, StringComparison.Ordinal) ? shipped.Text : await store.FindAsync(name, cancellationToken);
        return text is null ? Problems.NotFound($"There is no price book '{name}'. GET /api/v1/price-books lists those there are.") : TypedResults.Text(text);
    }

    private static async Task<Results<Ok<PriceBookView>, ProblemHttpResult>> PutAsync(
        string name, HttpRequest request, PriceBookStore store, ShippedPrices shipped, TimeProvider time, CancellationToken cancellationToken)
    {
        if (string.Equals(name, shipped.Name, StringComparison.Ordinal))
        {
            return Problems.Conflict($"'{name}' is the price book that comes with Tuner. Choose another name.");
        }

        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(cancellationToken);
        var (book, problems) = PriceBookReading.Read(name, text, SweepYaml.ReadTree);
        if (book is null)
        {
            return Problems.Definition(name, problems);
        }

        await store.PutAsync(name, text, time.GetUtcNow(), cancellationToken);
        return TypedResults.Ok(View(book, isShipped: false));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(string name, PriceBookStore store, CancellationToken cancellationToken) =>
        await store.DeleteAsync(name, cancellationToken) ? TypedResults.NoContent() : Problems.NotFound($"There is no price book '{name}' that could be removed.");

    private static PriceBookView? View(string name, string text, bool isShipped) =>
        PriceBookReading.Read(name, text, SweepYaml.ReadTree).Book is { } book ? View(book, isShipped) : null;

    private static PriceBookView View(PriceBook book, bool isShipped) => new(book.Name, book.Currency, book.Date, book.Source, book.Instances.Length, isShipped);
}
