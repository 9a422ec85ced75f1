using System.Xml.Linq;
using Dapper;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Tuner.Service.Storage;

namespace Tuner.Service.Pages;

/// <summary>
/// The keys that sign antiforgery tokens, in the database: a form that one node has made is believed by every other, and
/// after a restart. They open nothing: whoever can read the database holds the sweeps themselves.
/// </summary>
internal sealed class StoredPageKeys(Database database) : IXmlRepository
{
    // The interface knows no waiting. The ring is read when a node makes or reads its first form, and then once a day.
    public IReadOnlyCollection<XElement> GetAllElements() => ReadAsync().GetAwaiter().GetResult();

    public void StoreElement(XElement element, string friendlyName) => AddAsync(element, friendlyName).GetAwaiter().GetResult();

    private async Task<IReadOnlyCollection<XElement>> ReadAsync()
    {
        await using var connection = await database.ConnectAsync(CancellationToken.None).ConfigureAwait(false);
        return [.. (await connection.QueryAsync<string>("select element from page_keys order by added_at, id").ConfigureAwait(false)).Select(XElement.Parse)];
    }

    private async Task AddAsync(XElement element, string name)
    {
        await using var connection = await database.ConnectAsync(CancellationToken.None).ConfigureAwait(false);
        await connection.ExecuteAsync(
            "insert into page_keys (id, element, added_at) values (@name, @element, @now) on conflict do nothing",
            new { name, element = element.ToString(SaveOptions.DisableFormatting), now = database.Time.GetUtcNow().ToUnixTimeMilliseconds() }).ConfigureAwait(false);
    }
}
