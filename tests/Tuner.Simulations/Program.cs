using Tuner.Simulations;
using Tuner.Simulations.Sweeps;

var count = args.Length > 1 && int.TryParse(args[1], out var given) ? given : 2000;
switch (args.FirstOrDefault())
{
    case "coverage":
        Coverage.Print(Console.Out, count, args.ElementAtOrDefault(2), args.Length > 3 ? int.Parse(args[3]) : null, args.Length > 4 ? int.Parse(args[4]) : 7);
        return 0;
    case "early-end":
        EarlyEnds.Print(Console.Out, args.Length > 1 ? count : 100);
        return 0;
    case "sweeps":
        var from = Array.IndexOf(args, "from");
        SweepsTable.Print(Console.Out, from < 0 ? 1 : int.Parse(args[from + 1]), args.Length > 1 ? count : 500, each: args.Contains("each"), fidelity: args.Contains("fidelity"), tight: args.Contains("tight"));
        return 0;
    case "fresh-looks":
        FreshLooks.Print(Console.Out, args.Length > 1 ? count : 300);
        return 0;
    case "gate":
        GateNights.Print(Console.Out, count, args.Length > 2 ? int.Parse(args[2]) : 1, args.Length > 3 ? int.Parse(args[3]) : null);
        return 0;
    default:
        Console.Error.WriteLine("usage: Tuner.Simulations coverage [series [calm | bursty | spells [seconds [seed]]]] | early-end [sweeps] | fresh-looks [services] | gate [nights [seed [pairs]]] | sweeps [sweeps [from SEED] [fidelity] [tight] [each]]");
        return 64;
}
