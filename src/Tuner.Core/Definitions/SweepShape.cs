namespace Tuner.Core.Definitions;

/// <summary>Every key of a sweep definition, with its kind, its default and what it is for.</summary>
public static class SweepShape
{
    public const string ApiVersion = "tuner/v1";

    public static ObjectShape Root { get; } = new(
        Key("apiVersion", Choice(ApiVersion, ApiVersion), "Version of this format."),
        Key("kind", Choice("Sweep", "Sweep"), "What this document is."),
        Key("metadata", new ObjectShape(
            Key("name", Text(), "Name of the sweep: lower-case letters, digits and dashes. Default: the file's name."),
            Key("labels", new MapShape(Text()), "Your own words to find the sweep by.")), "What the sweep is called."),
        Needed("target", Target, "Where candidates run: one of process, argo, endpoint, template."),
        Key("parameters", new MapShape(Parameter), "The knobs: names that templates and formulas use, and the values each may take."),
        Key("constraints", new ListShape(Text()), "Conditions over parameters and instance attributes that every candidate must satisfy, such as workers * threads <= instance.vcpus."),
        Key("baseline", new MapShape(Value()), "Today's configuration, one value for every parameter; measured first, and what savings are counted against."),
        Needed("load", Load, "The traffic to send."),
        Key("metrics", new MapShape(Metric), "Numbers that the target itself reports, such as its accuracy, by the names that SLOs call them; read of every replica at the end of each measurement."),
        Needed("slos", new ListShape(Text()), "What must hold, such as p99 latency <= 100ms, error rate <= 1%, throughput >= 240/s in peak, memory <= 2GiB, p99 latency <= 1.10 x baseline, or accuracy >= 0.92 of metrics."),
        Key("objective", new ObjectShape(
            Key("minimize", Text("cost per hour"), "What to minimize among the candidates that meet every SLO: cost per hour, cost per million requests (known at a given rate; measured where users or a batch wait for answers), or a number of metrics.")), "What to improve."),
        Key("cost", Cost, "How the price of a candidate is known before it runs."),
        Key("search", Search, "How candidates are proposed."),
        Key("measurement", Measurement, "How one trial measures."),
        Key("budget", Budget, "Hard limits of the whole sweep."),
        Key("verification", Verification, "How finalists are measured again before anything is recommended."),
        Key("schedule", Schedule, "When the service runs the sweep again."));

    private static ObjectShape Readiness => new(
        Key("path", Text("/"), "Path that answers with a success (200 to 299) once the candidate is ready."),
        Key("timeout", Duration("60s"), "How long the candidate may take from its start to ready."));

    private static ObjectShape Target => new(
        Key("process", new ObjectShape(
            Needed("command", new ListShape(Text()) { Words = true }, "Program and arguments, each with {{placeholders}}; never goes through a shell."),
            Key("env", new MapShape(Text()), "Environment variables, values with {{placeholders}}."),
            Key("files", new MapShape(Text()), "Files to write into each replica's own folder ({{folder}}) before it starts: path there, and the file with its text beside or below the sweep's file; {{placeholders}} in it are filled."),
            Key("replicas", Text(), "So many processes, requests spread over them: a number, or a placeholder such as \"{{replicas}}\". Default: the parameter replicas where there is one, else 1."),
            Key("readiness", Readiness, "When a candidate may be put under load."),
            Key("stopTimeout", Duration("10s"), "Grace between asking a process to stop and killing it."),
            Key("workingDirectory", Text("."), "Where the command runs, relative to the sweep's file.")), "Candidates are processes on this machine."),
        Key("argo", Argo, "Candidates on Kubernetes, each deployed and measured by an Argo Workflow."),
        Key("endpoint", new ObjectShape(
            Key("url", Text(), "Address of the service, http://host:port."),
            Key("urls", new ListShape(Text()), "Addresses of the service's replicas; requests go round them.")) { Shorthand = "url", ExactlyOneOf = ["url", "urls"] }, "A service that runs already and is only measured."),
        Key("template", Text(), "Name of a target that a service's operator registered (tuner target add); without a service, of targets/NAME.yaml beside the sweep's file. As if the target of that sweep stood here; parameters, load and SLOs are this sweep's own."))
    {
        ExactlyOneOf = ["process", "argo", "endpoint", "template"],
    };

    private static ObjectShape Argo => new(
        Needed("namespace", Text(), "The namespace in which candidates and workflows live."),
        Key("manifest", Text(), "File with the candidate's Kubernetes objects (one or several YAML documents) with {{placeholders}}, beside or below the sweep's file. Each trial gets its own names and labels."),
        Key("existing", new ObjectShape(
            Key("apiVersion", Text("apps/v1"), "API group and version of the object."),
            Key("kind", Text("Deployment"), "Kind of the object."),
            Needed("name", Text(), "Name of the object."),
            Key("patch", Text(), "File with what to change of the object, in the object's own form with {{placeholders}}; lists of named items are merged by name."),
            Key("inPlace", Flag("false"), "Change the object where it is and restore it after each trial, instead of changing a copy.")) { Shorthand = "name" }, "An object of the cluster that candidates are variants of. It is copied under a new name and never touched itself."),
        Key("replicas", Text(), "Replicas of the workload: a number, or a placeholder such as \"{{replicas}}\". Default: the parameter replicas where there is one, else what the manifest says."),
        Key("container", Text(), "Container that env, args and resources go to. Default: the first."),
        Key("env", new MapShape(Text()), "Environment variables to set in the container, values with {{placeholders}}."),
        Key("args", new ListShape(Text()) { Words = true }, "Arguments of the container, with {{placeholders}}, instead of those of the manifest."),
        Key("resources", new MapShape(Text()), "Requests and limits of the container, such as cpu: \"{{instance.vcpus}}\". Default: what the manifest says; for sample instance types their size."),
        Key("instances", new MapShape(new ObjectShape(
            Key("nodeSelector", new MapShape(Text()), "Labels of the nodes that this instance type stands for."),
            Key("tolerations", new ListShape(new ObjectShape(
                Key("key", Text(), "Taint that is tolerated."),
                Key("operator", Choice("Equal", "Equal", "Exists"), "Whether the value counts."),
                Key("value", Text(), "Value of the taint."),
                Key("effect", Choice(null, "NoSchedule", "PreferNoSchedule", "NoExecute"), "Effect of the taint. Default: all."))), "Taints of those nodes that candidates tolerate."))), "Where candidates of an instance type run, by its name. Default: nodes whose nodeLabel is its name."),
        Key("nodeLabel", Text("node.kubernetes.io/instance-type"), "Node label that holds the instance type's name; none where nodes are not chosen by instance type."),
        Key("readiness", new ObjectShape(
            Key("condition", Text(), "Condition of status.conditions that must be True, such as Ready. Default: Ready for kinds that are no workloads of Kubernetes itself, where they have it."),
            Key("path", Text(), "Path that answers with a success (200 to 299) on every replica once the candidate is ready."),
            Key("timeout", Duration("5m"), "How long the candidate may take from its deployment to ready.")), "When a candidate may be put under load."),
        Key("load", new ObjectShape(
            Key("service", Text(), "Service whose pods get the load, request by request. Default: the only Service of the manifest."),
            Key("port", Whole(1, 65_535), "Port of the service. Default: its first."),
            Key("url", Text(), "Address to load instead of a service's pods, over rotated connections; with {{placeholders}}, and {{tuner.suffix}} for what the trial adds to names."),
            Key("pods", Whole(1, 100, "1"), "So many load pods share the load; their measurements are merged."),
            Key("image", Text(), "Image of Tuner for the pods of the workflow. Default: the one that the installed templates name.")), "Where the load goes."),
        Key("serviceAccount", Text("tuner-trial"), "Account that the workflow's own pods run as."),
        Key("artifact", Flag("false"), "Keep the whole measurement as an output artifact of the Workflow too, for loads longer than its output parameters carry exactly. Needs an artifact repository in the cluster, and TUNER_ARGO_SERVER where Tuner runs."),
        Key("instanceId", Text(), "Instance ID of the Argo controller that works on the trials, where controllers of the cluster have one."))
    {
        ExactlyOneOf = ["manifest", "existing"],
    };

    private static ObjectShape Parameter => new(
        Key("type", Choice(null, "int", "real", "categorical"), "Kind of the parameter. Default: categorical where values are listed."),
        Key("min", Number(), "Smallest value, included."),
        Key("max", Number(), "Largest value, included."),
        Key("step", Number(), "Distance between values on the linear scale."),
        Key("scale", Choice("linear", "linear", "log2", "log10"), "How values are spaced: evenly, or by factors of 2 or 10 from min, and max."),
        Key("values", new ListShape(Value()), "The only values there are, used as they are written."),
        Key("when", Text(), "Condition over other parameters; where it does not hold the parameter has no effect and keeps its first value."));

    private static ObjectShape Metric => new(
        Needed("path", Text(), "Path and query to ask with GET, beginning with a slash; it must answer with a success (200 to 299)."),
        Key("json", Text(), "Where in a JSON answer the number stands: names and places, such as stats.accuracy or models[0].accuracy."),
        Key("prometheus", Text(), "Which series of an answer in the text format of Prometheus: a name and labels, such as queue_depth{model=\"digits\"}."),
        Key("over", Choice("mean", "mean", "sum", "min", "max"), "What becomes of several replicas, or several series."))
    {
        ExactlyOneOf = ["json", "prometheus"],
    };

    private static ObjectShape Request => new(
        Key("protocol", Choice("http1", "http1", "http2", "grpc"), "HTTP/1.1, HTTP/2 (over plain http with prior knowledge), or unary gRPC calls, where path is /package.Service/Method and bodies are raw protobuf messages."),
        Key("stream", Flag("false"), "Answers are streams of server-sent events: SLOs may then name firstEvent and betweenEvents beside latency."),
        Key("method", Choice("GET", "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"), "HTTP method. Default: POST where there is a body or the protocol is grpc, else GET."),
        Key("path", Text("/"), "Path and query, beginning with a slash."),
        Key("headers", new MapShape(Text()), "HTTP headers to send."),
        Key("body", Text(), "The request body itself."),
        Key("bodyFiles", new ListShape(new ObjectShape(
            Needed("file", Text(), "File with the body, beside or below the sweep's file."),
            Key("weight", new ScalarShape(ScalarKind.Number) { Default = "1", Min = 0, Max = 1e9 }, "How often this body is sent relative to the others.")) { Shorthand = "file" }), "Bodies, drawn by weight."),
        Key("expectedStatus", new ListShape(Whole(100, 599)), "Status codes that count as success. Default: 200 to 299."));

    private static ObjectShape Phase => new(
        Key("name", Text(), "Name of the phase, for SLOs. Default: phase-1, phase-2, …"),
        Key("rate", new ScalarShape(ScalarKind.Rate), "Requests per second (open model): 80/s or 4800/min."),
        Key("to", new ScalarShape(ScalarKind.Rate), "Makes a ramp: the rate changes evenly from rate to this one."),
        Key("day", Choice(null, [.. Loads.DayCurve.Kinds]), "The traffic of a whole day compressed into the phase; rate is that of its busiest hour."),
        Key("points", new ListShape(new ObjectShape(
            Needed("at", Duration(null), "Time from the start of the phase."),
            Needed("rate", new ScalarShape(ScalarKind.Rate), "The rate at that time."))), "Instead of rate: a curve of straight lines between points."),
        Key("arrivals", Text(), "Instead of rate: a file with recorded arrival times, seconds from the start, one a line."),
        Key("users", Whole(1, 100_000), "Users that each wait for their answer (closed model)."),
        Key("requests", Whole(1, 1_000_000_000_000), "With users: a batch, over when so many requests are answered; SLOs may then limit its total time. It must be the only phase."),
        Key("duration", Duration(null), "How long the phase lasts, a batch at the longest. Default with arrivals: until the last of them."));

    private static ObjectShape Load => new(
        Key("request", Request, "The request that the load repeats."),
        Key("variants", new ListShape(new ObjectShape(
            Needed("when", Text(), "Condition over parameters, such as protocol == 'grpc'."),
            Needed("request", Request, "The request of the candidates for which it holds."))), "Other requests for some candidates; the first whose condition holds counts."),
        Key("arrival", Choice("poisson", "poisson", "constant", "closed"), "How requests are timed: on a schedule (poisson, constant), or each user waiting for its answer (closed)."),
        Needed("phases", new ListShape(Phase), "Stretches of the load, one after the other."),
        Key("connections", new ObjectShape(
            Key("reuse", Flag("true"), "Keep connections open for further requests."),
            Key("max", Whole(1, 60_000, "1024"), "The most connections at once; reaching it in the open model makes a trial invalid, not slow.")), "Which connections the generator may hold."),
        Key("timeout", Duration("10s"), "How long one request may take, from its intended send time."));

    private static ObjectShape Cost => new(
        Key("currency", Text(), "Currency of prices and budget, three letters. Default: the price book's."),
        Key("prices", Text(), "File with a price book (YAML, or a catalog in CSV), beside or below the sweep's file. Default: the one shipped."),
        Key("region", Text(), "Region whose prices count, where the price book has several."),
        Key("instances", Text(), "How many instances a candidate pays for, a formula. Default: the replicas."),
        Key("instanceType", Text(), "The instance type of every candidate, where it is no parameter."),
        Key("resources", new ObjectShape(
            Needed("vcpus", Text(), "Requested vCPUs of a candidate, a formula."),
            Needed("pricePerVcpuHour", Number(0), "Price of one vCPU for an hour."),
            Needed("memoryGib", Text(), "Requested memory of a candidate in GiB, a formula."),
            Needed("pricePerGibHour", Number(0), "Price of one GiB for an hour.")), "Price by requested resources instead of instances."));

    private static ObjectShape Search => new(
        Key("strategy", Choice("bayesian", "bayesian", "grid", "random", "sobol", "list"), "How candidates are proposed."),
        Key("seed", Whole(int.MinValue, int.MaxValue, "42"), "Where chance starts from: the same seed proposes the same candidates."),
        Key("patience", Whole(1, 1_000_000), "End the search after so many trials in a row that found nothing cheaper."),
        Key("goal", new ScalarShape(ScalarKind.Money), "A cost per hour that is good enough: the search ends once a candidate reaches it."),
        Key("screening", Duration(null), "Length of the load of first looks while searching; what they leave open, and finalists, are measured in full. Default: the whole load."),
        Key("warmStart", Flag("true"), "Start from what earlier sweeps of the same name measured, as long as the new trials agree with it."),
        Key("candidates", new ListShape(new MapShape(Value())), "The candidates of the strategy list, each with one value for every parameter."));

    private static ObjectShape Measurement => new(
        Key("warmup", Duration("5s"), "Load that is sent first and not measured."),
        Key("minRequests", Whole(1, 100_000_000, "1000"), "A percentile needs at least so many requests to be printed at all."),
        Key("repeats", new ObjectShape(
            Key("max", Whole(1, 1000, "3"), "The most trials of one candidate before verification.")) { Shorthand = "max" }, "Measuring the same candidate again where an SLO is not decided."),
        Key("earlyAbort", Flag("true"), "End hopeless trials early."),
        Key("allowOvercommit", Flag("false"), "Measure candidates that this machine cannot hold; the answer is then not representative."),
        Key("pool", Text(), "Pool of slots: trials of sweeps that name the same pool never run in the same slot at the same time, on whichever node. Default: none."));

    private static ObjectShape Budget => new(
        Key("trials", Whole(1, 1_000_000, "40"), "The most trials."),
        Key("wallTime", Duration(null), "The longest the whole sweep may take. Default: no limit."),
        Key("money", new ScalarShape(ScalarKind.Money), "The most money: price times time deployed, such as 25 USD. Default: no limit."),
        Key("parallel", Whole(1, 1000, "1"), "Trials at the same time."),
        Key("failures", Whole(1, 1_000_000, "15"), "Candidates that may fail by their own fault before the sweep gives up."));

    private static ObjectShape Verification => new(
        Key("finalists", Whole(1, 100, "3"), "How many of the best candidates are measured again."),
        Key("repeats", Whole(0, 1000, "3"), "Fresh measurements of each finalist, interleaved with the baseline; 0 turns verification off."),
        Key("confidence", new ScalarShape(ScalarKind.Share) { Default = "95%", Min = 0.5, Max = 0.999999 }, "One-sided confidence of every verdict."),
        Key("envelope", Flag("false"), "Measure the winner once more, at rates from half to twice the load's peak: the report then tells up to which rate its SLOs hold."));

    private static ObjectShape Schedule => new(
        Needed("cron", Text(), "Five fields: minute, hour, day of month, month, day of week."),
        Key("timeZone", Text("UTC"), "Time zone by its IANA name, such as Europe/London."),
        Key("overlap", Choice("skip", "skip", "queue", "cancel"), "What a due run does while the last one is still going: it is left out, waits, or ends the last one."),
        Key("missed", Choice("once", "once", "skip"), "What happens to runs that came due while no service was running: one of them is made up for, or none."));

    private static KeyShape Key(string name, Shape shape, string about) => new(name, shape, about);

    private static KeyShape Needed(string name, Shape shape, string about) => new(name, shape, about) { Required = true };

    private static ScalarShape Text(string? standard = null) => new(ScalarKind.Text) { Default = standard };

    private static ScalarShape Value() => new(ScalarKind.Value);

    private static ScalarShape Choice(string? standard, params string[] choices) => new(ScalarKind.Choice) { Default = standard, Choices = [.. choices] };

    private static ScalarShape Duration(string? standard) => new(ScalarKind.Duration) { Default = standard };

    private static ScalarShape Flag(string standard) => new(ScalarKind.Boolean) { Default = standard };

    private static ScalarShape Number(double? min = null) => new(ScalarKind.Number) { Min = min };

    private static ScalarShape Whole(long min, long max, string? standard = null) => new(ScalarKind.Integer) { Min = min, Max = max, Default = standard };
}
