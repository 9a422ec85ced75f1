using System.Collections.Immutable;
using System.Net;
using Tuner.Core.Measurements;
using Tuner.Core.Reported;

namespace Tuner.Load.Reporting;

/// <summary>Asks the replicas for the numbers that they report, while they still run. What cannot be read is noted, not invented.</summary>
public static class ReportedReader
{
    private static readonly TimeSpan OneAnswer = TimeSpan.FromSeconds(5);

    /// <summary>An answer of metrics is some hundred kilobytes; more than this is no answer to read a number from.</summary>
    private const int LongestAnswer = 16 << 20;

    /// <summary>The measurement with what the replicas report; unchanged where nothing is asked for.</summary>
    public static async Task<Measurement> ReadAsync(
        Measurement measurement, ImmutableArray<ReportedNumber> numbers, IReadOnlyList<Uri> replicas, TimeProvider time, CancellationToken cancellationToken)
    {
        if (numbers.IsEmpty)
        {
            return measurement;
        }

        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LongestAnswer };
        var (values, notes) = (ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal), new List<string>());
        foreach (var asked in numbers.GroupBy(number => number.Path, StringComparer.Ordinal))
        {
            var answers = await Task.WhenAll(replicas.Select(replica => AskAsync(client, new Uri(replica, asked.Key), time, cancellationToken)));
            foreach (var number in asked)
            {
                var read = answers.Select(answer => answer.Problem is { } problem ? ([], problem) : number.Source.Read(answer.Text)).ToList();
                if (read.Find(each => each.Problem is not null).Problem is { } missing)
                {
                    // A replica that does not tell may be the bad one: the others do not speak for it.
                    notes.Add($"'{number.Name}' was not read from {number.Path}: {missing}.");
                }
                else
                {
                    values[number.Name] = Combined([.. read.SelectMany(each => each.Values)], number.Over);
                }
            }
        }

        return measurement with { Reported = values.ToImmutable(), Notes = [.. measurement.Notes, .. notes] };
    }

    private static double Combined(double[] values, Combining over) => over switch
    {
        Combining.Sum => values.Sum(),
        Combining.Min => values.Min(),
        Combining.Max => values.Max(),
        _ => values.Average(),
    };

    private static async Task<(string Text, string? Problem)> AskAsync(HttpClient client, Uri url, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(OneAnswer, time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var response = await client.GetAsync(url, patience.Token);
            return response.StatusCode is >= HttpStatusCode.OK and < HttpStatusCode.Ambiguous
                ? (await response.Content.ReadAsStringAsync(patience.Token), null)
                : ("", $"status {(int)response.StatusCode}");
        }
        catch (HttpRequestException exception)
        {
            return ("", exception.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ("", $"no answer within {OneAnswer.TotalSeconds:0} s");
        }
    }
}
