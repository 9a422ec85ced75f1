using System.Net;
using Tuner.SampleModel.Model;

namespace Tuner.SampleModel.Options;

/// <summary>Reads <see cref="ServerOptions"/>: the command line first, then the environment, then the defaults.</summary>
internal sealed class OptionsReader
{
    private readonly Dictionary<string, string> given = new(StringComparer.Ordinal);
    private readonly List<string> errors = [];
    private readonly Func<string, string?> environment;

    private OptionsReader(Func<string, string?> environment) => this.environment = environment;

    /// <summary>Returns the options, or null and everything that is wrong, each with its cure.</summary>
    public static (ServerOptions? Options, IReadOnlyList<string> Errors) Read(IReadOnlyList<string> args, Func<string, string?> environment)
    {
        var reader = new OptionsReader(environment);
        reader.Collect(args);
        var options = new ServerOptions(
            reader.Address(Knob.Host),
            reader.Number(Knob.Port),
            reader.Number(Knob.Workers),
            reader.Number(Knob.Threads),
            reader.Number(Knob.MaxBatchSize),
            TimeSpan.FromMilliseconds(reader.Number(Knob.BatchDelay)),
            reader.Precision(),
            reader.Number(Knob.QueueLimit));
        return (reader.errors.Count == 0 ? options : null, reader.errors);
    }

    /// <summary>The text of <c>--help</c>.</summary>
    public static string Help()
    {
        var lines = Knob.All.Select(k => $"  {k.Flag,-17} {k.Variable,-16} {k.Default,-10} {k.Meaning}");
        return $"""
            Tuner.SampleModel [options]     serves a model of handwritten digits over HTTP (Open Inference Protocol v2)
            Tuner.SampleModel train --help  makes the weights

              option            or variable      default    meaning
            {string.Join('\n', lines)}

            Write --option VALUE or --option=VALUE. The command line wins over the environment.
            """;
    }

    private void Collect(IReadOnlyList<string> args)
    {
        for (var i = 0; i < args.Count; i++)
        {
            var parts = args[i].Split('=', 2);
            if (!Knob.All.Any(k => k.Flag == parts[0]))
            {
                errors.Add($"{parts[0]}: no such option. --help lists them.");
                i += parts.Length == 1 && i + 1 < args.Count && !args[i + 1].StartsWith('-') ? 1 : 0;
            }
            else if (parts.Length == 1 && i + 1 == args.Count)
            {
                errors.Add($"{args[i]}: its value is missing. Write {args[i]} VALUE.");
            }
            else if (!given.TryAdd(parts[0], parts.Length == 2 ? parts[1] : args[++i]))
            {
                errors.Add($"{parts[0]}: given twice. Keep one.");
            }
        }
    }

    private int Number(Knob knob)
    {
        var (value, source) = Find(knob);
        var number = knob.ReadNumber(value, source, out var error);
        if (error is not null)
        {
            errors.Add(error);
        }

        return number;
    }

    private string Address(Knob knob)
    {
        var (value, source) = Find(knob);
        if (!IPAddress.TryParse(value, out _))
        {
            errors.Add($"{source}: '{value}' is not an IP address. Give one, such as 127.0.0.1.");
        }

        return value;
    }

    private Precision Precision()
    {
        var (value, source) = Find(Knob.Precision);
        switch (value)
        {
            case "fp32":
                return Model.Precision.Fp32;
            case "int8":
                return Model.Precision.Int8;
            default:
                errors.Add($"{source}: '{value}' is not a precision. Give fp32 or int8.");
                return default;
        }
    }

    private (string Value, string Source) Find(Knob knob)
    {
        if (given.TryGetValue(knob.Flag, out var value))
        {
            return (value, knob.Flag);
        }

        return environment(knob.Variable) is { Length: > 0 } variable ? (variable, knob.Variable) : (knob.Default, knob.Flag);
    }
}
