using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Tuner.Testing.Serving;

namespace Tuner.Pages.Tests;

public sealed class FirstPagesTests
{
    [Fact]
    public async Task A_service_has_asked_itself_for_a_page_before_its_start_is_over()
    {
        var paths = new Paths();
        await using var service = await LoopbackService.StartAsync(new PacedRunner(TimeSpan.FromSeconds(60)), more: services => services.AddSingleton<IStartupFilter>(paths));

        Assert.Equal(["/sign-in 200"], paths.Seen);
    }

    /// <summary>Notes what is asked for, and how it was answered.</summary>
    private sealed class Paths : IStartupFilter
    {
        public ConcurrentQueue<string> Seen { get; } = [];

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, rest) =>
            {
                context.Response.OnStarting(() =>
                {
                    Seen.Enqueue($"{context.Request.Path} {context.Response.StatusCode}");
                    return Task.CompletedTask;
                });
                return rest(context);
            });
            next(app);
        };
    }
}
