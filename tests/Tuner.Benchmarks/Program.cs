using System.CommandLine;
using System.CommandLine.Invocation;
using Tuner.Benchmarks;
using Tuner.Benchmarks.Loads;
using Tuner.Cli;

var root = new RootCommand("Measures what the project promises: the search on generated tasks, the load generator beside other tools.")
{
    SearchCommand.Create(),
    EngineCommand.Create(),
    WarmStartCommand.Create(),
    MeasuredObjectiveCommand.Create(),
    SuggestionTimeCommand.Create(),
    SharedTasksCommand.Create(),
    PagesCommand.Create(),
    ToolTable.Command(),
    StallTable.Command(),
};
using var interrupt = new Interrupt();
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }, interrupt.Token);
