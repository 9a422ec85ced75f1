using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Tuner.Core.Api;
using static Microsoft.Playwright.Assertions;

namespace Tuner.Pages.Tests;

/// <summary>Who sees what, and what no other site can make a browser do.</summary>
public sealed class AccessTests(Browser browser) : IClassFixture<Browser>
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(30);

    [BrowserFact]
    public async Task Once_a_key_exists_a_stranger_sees_the_sign_in_only()
    {
        await using var site = await Site.StartAsync(Pace);
        var id = await site.SubmitAsync();
        var secret = await site.MakeKeyAsync(KeyRole.Operator);
        var page = await browser.OpenAsync(site.Url);
        await page.GotoAsync($"{site.Url}sweeps/{id}");

        await Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 })).ToHaveTextAsync("Sign in");
        await Expect(page.GetByRole(AriaRole.Navigation)).ToHaveCountAsync(0);
        Assert.DoesNotContain("vision", await page.ContentAsync(), StringComparison.Ordinal);
        Assert.Empty(await Accessibility.ViolationsAsync(page));
        await Browser.KeepAsync(page, "sign-in");
        await page.GetByLabel("API key").FillAsync("tuner_wrong");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not known");
        await page.GetByLabel("API key").FillAsync(secret);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();

        await Expect(page).ToHaveURLAsync(new Regex($"/sweeps/{id}$"));
        await Expect(page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Cancel…" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign out" }).ClickAsync();
        await page.GotoAsync($"{site.Url}sweeps");
        await Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 })).ToHaveTextAsync("Sign in");
    }

    [BrowserFact]
    public async Task A_reader_reads_and_is_offered_nothing_else()
    {
        await using var site = await Site.StartAsync(Pace);
        var id = await site.SubmitAsync();
        var secret = await site.MakeKeyAsync(KeyRole.Reader);
        var page = await SignedInAsync(site, secret, $"sweeps/{id}");

        await Expect(page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Report", Exact = true })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Cancel…" })).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Submit" })).ToHaveCountAsync(0);
        foreach (var path in new[] { $"sweeps/{id}/cancel", "submit" })
        {
            var answer = await page.GotoAsync(site.Url + path);
            Assert.Equal(403, answer!.Status);
            await Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 })).ToHaveTextAsync("Your role does not allow this");
        }
    }

    [BrowserFact]
    public async Task A_key_of_another_project_does_not_see_the_sweep()
    {
        await using var site = await Site.StartAsync(Pace);
        var id = await site.SubmitAsync();
        var page = await SignedInAsync(site, await site.MakeKeyAsync(KeyRole.Operator, "team-search"), "sweeps");

        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("No sweep was submitted yet.");
        foreach (var path in new[] { $"sweeps/{id}", $"sweeps/{id}/report", $"sweeps/{id}/trials/1", $"sweeps/{id}/cancel", $"compare?left={id}&right={id}" })
        {
            Assert.Equal(404, (await page.GotoAsync(site.Url + path))!.Status);
        }
    }

    [Fact]
    public async Task A_form_that_no_page_of_ours_has_sent_does_nothing()
    {
        await using var site = await Site.StartAsync(Pace);
        var id = await site.SubmitAsync();
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = site.Url };
        using var empty = new FormUrlEncodedContent([]);
        using var refused = await client.PostAsync(new Uri($"sweeps/{id}/cancel", UriKind.Relative), empty);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("nothing was done", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("was asked for", await client.GetStringAsync(new Uri($"sweeps/{id}", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_that_one_node_has_made_is_believed_by_another()
    {
        await using var site = await Site.StartAsync(Pace);
        await using var other = await site.JoinedAsync();
        var path = $"sweeps/{await site.SubmitAsync()}/cancel";
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        var page = await client.GetStringAsync(new Uri(site.Url, path));
        var field = Regex.Match(page, "<input type=\"hidden\" name=\"(?<name>[^\"]+)\" value=\"(?<token>[^\"]+)\"", RegexOptions.None, TimeSpan.FromSeconds(5));
        using var form = new FormUrlEncodedContent([KeyValuePair.Create(field.Groups["name"].Value, WebUtility.HtmlDecode(field.Groups["token"].Value))]);

        using var answer = await client.PostAsync(new Uri(other.Url, path), form);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    [Fact]
    public async Task Every_page_forbids_itself_inline_script_and_everything_from_elsewhere()
    {
        await using var site = await Site.StartAsync(Pace);
        var id = await site.SubmitAsync();
        using var client = new HttpClient { BaseAddress = site.Url };
        foreach (var path in new[] { "sweeps", $"sweeps/{id}", $"sweeps/{id}/report", $"sweeps/{id}/cancel", "submit", "compare", "schedules", "sign-in" })
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
            var page = await answer.Content.ReadAsStringAsync();
            Assert.DoesNotMatch("(src|href|action)=\"(https?:)?//", page);
            Assert.DoesNotMatch("<script(?! src=\"/assets/)", page);
            Assert.DoesNotMatch(" on[a-z]+=", page);
        }
    }

    private async Task<IPage> SignedInAsync(Site site, string secret, string path)
    {
        var page = await browser.OpenAsync(site.Url);
        await page.GotoAsync(site.Url + path);
        await page.GetByLabel("API key").FillAsync(secret);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(site.Url + path);
        return page;
    }
}
