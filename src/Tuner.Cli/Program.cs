using System.CommandLine;
using Tuner.Cli;

return await new RootCommand("tuner") { SuggestCommand.Create() }.Parse(args).InvokeAsync();
