using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Tuner.Service.Hosting;
using Tuner.Service.Storage;
using Tuner.Service.Submitting;

namespace Tuner.Cli.Serving;

/// <summary><c>tuner serve</c>: the engine as a service with a REST API.</summary>
internal static class ServeCommand
{
    private const string Explanation = """
        Serve sweeps over REST: the same engine as 'tuner run', for a team.

        On a loopback address it works without keys, for this machine's own user. On any other address it refuses to start
        until a key exists: tuner key create --name me --role admin

        What sweeps may start is registered on this machine: tuner target add NAME SWEEP.yaml. Load goes to candidates that
        Tuner started; to nowhere else unless --allow-load says so.

        Sweeps, keys and targets are kept in --state, or in the PostgreSQL that TUNER_DATABASE names: several services on one
        share the work.

        Examples:
          tuner serve
          tuner serve --listen 0.0.0.0:8686 --allow-load 10.1.0.0/16:8000 --max-rate 2000 --max-rate team-search=10000

        Exit codes: 0 stopped, 64 bad input or no key, 69 the address or the database cannot be had.
        """;

    public static Command Create()
    {
        var state = StateOption.Create();
        var listen = new Option<string>("--listen") { Description = "Address and port.", DefaultValueFactory = _ => $"127.0.0.1:{ListenAddress.UsualPort}" };
        var targets = new Option<string[]>("--target") { Description = "A sweep whose command submitted sweeps may have, as 'tuner target add' registers it; may stand several times." };
        var loads = new Option<string[]>("--allow-load") { Description = "Addresses that load may go to besides candidates: 10.1.0.0/16, 10.1.2.3:8000; may stand several times. No names: a name can be made to mean another address." };
        var notify = new Option<string[]>("--allow-notify") { Description = $"Addresses that events may be sent to, written as for --allow-load, or '{OperatorRules.PublicWord}' for every public one; may stand several times." };
        var rates = new Option<string[]>("--max-rate") { Description = "Requests per second that a trial may send: 20000, or for one project team-search=10000; may stand several times." };
        var namespaces = new Option<string[]>("--allow-namespace") { Description = "A namespace that candidates on Kubernetes may live in; may stand several times." };
        var kinds = new Option<string[]>("--allow-kind") { Description = $"A kind of object that such candidates may consist of, besides {string.Join(", ", new OperatorRules().Kinds)}; may stand several times." };
        var requests = new Option<int>("--requests-per-minute") { Description = "Requests that one caller may send to the service.", DefaultValueFactory = _ => 1200 };
        var sweeps = new Option<int>("--max-sweeps") { Description = "Sweeps that are worked on at the same time.", DefaultValueFactory = _ => 8 };
        var otlp = new Option<string?>("--otlp") { Description = $"Where traces and metrics go: a collector's address for OTLP over HTTP, http://127.0.0.1:4318. Default: {ServeRequest.CollectorVariable}." };
        var logs = new Option<string>("--log-format") { Description = "text, or json (one object a line).", DefaultValueFactory = _ => "text" };
        logs.AcceptOnlyFromAmong("text", "json");
        var command = new Command("serve", Explanation) { state, listen, targets, loads, notify, rates, namespaces, kinds, requests, sweeps, otlp, logs };
        command.SetAction((parsed, cancellationToken) => new ServiceRun(
            new ServeRequest
            {
                StateFolder = parsed.GetRequiredValue(state),
                Listen = parsed.GetRequiredValue(listen),
                Targets = [.. parsed.GetValue(targets) ?? []],
                AllowLoad = [.. parsed.GetValue(loads) ?? []],
                AllowNotify = [.. parsed.GetValue(notify) ?? []],
                MaxRates = [.. parsed.GetValue(rates) ?? []],
                Namespaces = [.. parsed.GetValue(namespaces) ?? []],
                Kinds = [.. parsed.GetValue(kinds) ?? []],
                RequestsPerMinute = parsed.GetValue(requests),
                MaxSweeps = parsed.GetValue(sweeps),
                Collector = parsed.GetValue(otlp) ?? Environment.GetEnvironmentVariable(ServeRequest.CollectorVariable),
                JsonLogs = parsed.GetValue(logs) is "json",
            },
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error).RunAsync(cancellationToken));
        return command;
    }
}
