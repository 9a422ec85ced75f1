using System.Collections.Immutable;
using System.CommandLine;
using Tuner.Client;
using Tuner.Core.Api;
using Tuner.Service.Definitions;

namespace Tuner.Cli.Remote;

/// <summary><c>tuner submit FILE</c>: a sweep and the files that it names, to a service.</summary>
internal static class SubmitCommand
{
    private const string Explanation = """
        Submit a sweep to a service, with the files that it names.

        Examples:
          tuner submit sweeps/digits.yaml --watch
          TUNER_URL=https://tuner.example TUNER_API_KEY=… tuner submit checkout.yaml --project team-checkout
          tuner submit checkout.yaml --dry-run --output json

        Exit codes: 0 stored (with --watch as 'tuner run': 0 a verified recommendation, 2 nothing is feasible, 4 a budget
        ended, 5 not verified, 6 inconclusive), 64 the definition is not valid or not allowed, 69 no service, 77 the key
        does not allow it, 130 stopped watching (the sweep goes on).
        """;

    public static Command Create()
    {
        var file = new Argument<string>("sweep") { Description = "The sweep's definition, YAML or JSON." };
        var project = new Option<string?>("--project") { Description = "Whose the sweep shall be. Default: the key's own project, else 'default'." };
        var key = new Option<string?>("--idempotency-key") { Description = "The same key again brings the same sweep: a script may repeat a submission." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what the service would do; nothing is stored." };
        var watch = new Option<bool>("--watch") { Description = "Follow the sweep to its end." };
        var (url, output) = (ServiceConnection.UrlOption(), ServiceConnection.OutputOption());
        var command = new Command("submit", Explanation) { file, project, key, dryRun, watch, url, output };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (path, json, writer, error) = (parsed.GetRequiredValue(file), parsed.GetValue(output) is "json", parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return ServiceConnection.WithAsync(
                parsed.GetValue(url),
                error,
                async client =>
                {
                    if (Body(path, error) is not { } body)
                    {
                        return ExitCode.BadInput;
                    }

                    if (parsed.GetValue(dryRun))
                    {
                        var plan = await client.Api.PlanAsync(body, parsed.GetValue(project), cancellationToken);
                        await writer.WriteAsync(json ? ServiceConnection.Json(plan) : RemotePlan.Text(plan));
                        return plan.Impossible is null ? ExitCode.Ok : ExitCode.BadInput;
                    }

                    var sweep = await client.Api.SubmitAsync(body, parsed.GetValue(project), parsed.GetValue(key), cancellationToken);
                    if (parsed.GetValue(watch))
                    {
                        await error.WriteLineAsync($"Submitted as {sweep.Id}.");
                        return await new SweepFollowing(client, writer, json).RunAsync(sweep.Id, cancellationToken);
                    }

                    await writer.WriteAsync(json ? ServiceConnection.Json(sweep) : $"{sweep.Id}\n");
                    return ExitCode.Ok;
                },
                path);
        });
        return command;
    }

    // The service judges the definition; only what cannot even be sent is told here.
    internal static SweepSubmissionBody? Body(string path, TextWriter error)
    {
        var reading = SweepFile.Load(path, ShippedPrices.Load());
        if (reading.Submission is { } submission)
        {
            return Body(submission);
        }

        ValidateCommand.Print(reading, error);
        return null;
    }

    internal static SweepSubmissionBody Body(SweepSubmission submission) => new()
    {
        FileName = submission.FileName,
        Definition = submission.Definition,
        Files = submission.Files.ToImmutableSortedDictionary(pair => pair.Key, pair => Convert.ToBase64String(pair.Value.Span), StringComparer.Ordinal),
    };
}
