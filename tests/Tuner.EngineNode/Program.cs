using Tuner.EngineNode;

switch (args.FirstOrDefault())
{
    case "serve":
        await Node.ServeAsync(NodeOptions.Parse(args[1..]));
        return 0;
    case "kill":
        return await KillRun.RunAsync(int.Parse(args.ElementAtOrDefault(1) ?? "200"), int.Parse(args.ElementAtOrDefault(2) ?? "1"), Console.Out);
    case "full":
        return await FullDiskRun.RunAsync(args[1], Console.Out);
    default:
        Console.Error.WriteLine("usage: Tuner.EngineNode serve --state FOLDER [--database TEXT] [--lease SECONDS] [--trial MILLISECONDS] [--sweeps N] [--children FOLDER] | kill [TIMES [SEED]] | full FOLDER");
        return 64;
}
