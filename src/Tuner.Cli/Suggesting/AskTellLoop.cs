using System.Text.Json;
using Tuner.Core.Search;

namespace Tuner.Cli.Suggesting;

/// <summary>
/// JSON lines in, JSON lines out: <c>task</c> and <c>result</c> are answered with what to try next, <c>end</c> closes a
/// task, <c>exit</c> or the end of input ends the loop.
/// </summary>
internal sealed class AskTellLoop(ISearchStrategy strategy)
{
    /// <returns>0, or 64 when a line could not be understood.</returns>
    public async Task<int> RunAsync(TextReader input, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        AskTellSession? session = null;
        while (await input.ReadLineAsync(cancellationToken) is { } line)
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            try
            {
                // Python writes NaN, which is no JSON, for a number that is missing.
                using var message = JsonDocument.Parse(line.Replace(": NaN", ": null", StringComparison.Ordinal));
                switch (message.RootElement.GetProperty("type").GetString())
                {
                    case "task":
                        session = new AskTellSession(strategy, AskTellTask.Read(message.RootElement));
                        await AnswerAsync(session, output);
                        break;
                    case "result" when session is not null:
                        session.Tell(message.RootElement);
                        await AnswerAsync(session, output);
                        break;
                    case "end":
                        session = null;
                        break;
                    case "exit":
                        return 0;
                    case var type:
                        await errors.WriteLineAsync($"'{type}' is not expected here. Send task, then result, then end or exit.");
                        return 64;
                }
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                await errors.WriteLineAsync($"The line could not be understood: {e.Message}");
                return 64;
            }
        }

        return 0;
    }

    private static async Task AnswerAsync(AskTellSession session, TextWriter output)
    {
        await output.WriteLineAsync(session.Ask());
        await output.FlushAsync();
    }
}
