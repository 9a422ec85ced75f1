using System.CommandLine;
using Tuner.Benchmarks;

return await new RootCommand("Measures what the project promises, on generated tasks.") { SearchCommand.Create() }.Parse(args).InvokeAsync();
