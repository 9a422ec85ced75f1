using Tuner.SampleModel.Model;
using Tuner.SampleModel.Options;

namespace Tuner.SampleModel.Tests.Options;

public sealed class OptionsReaderTests
{
    private static readonly ServerOptions Defaults = new("127.0.0.1", 8080, 1, 1, 1, TimeSpan.Zero, Precision.Fp32, 1024);

    [Fact]
    public void Nothing_given_means_the_defaults() => Assert.Equal(Defaults, OptionsReader.Read([], _ => null).Options);

    [Fact]
    public void Takes_every_option_in_both_spellings()
    {
        string[] args =
        [
            "--host", "0.0.0.0", "--port=0", "--workers", "2", "--threads=3", "--max-batch-size", "16",
            "--batch-delay-ms", "5", "--precision=int8", "--queue-limit", "64",
        ];

        Assert.Equal(
            new ServerOptions("0.0.0.0", 0, 2, 3, 16, TimeSpan.FromMilliseconds(5), Precision.Int8, 64),
            OptionsReader.Read(args, _ => null).Options);
    }

    [Fact]
    public void Takes_the_environment_where_the_command_line_says_nothing()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["OMP_NUM_THREADS"] = "4",
            ["MAX_BATCH_SIZE"] = "8",
            ["PRECISION"] = "int8",
            ["WORKERS"] = "",
        };

        var (options, _) = OptionsReader.Read(["--max-batch-size", "32"], environment.GetValueOrDefault);

        Assert.Equal(Defaults with { Threads = 4, MaxBatchSize = 32, Precision = Precision.Int8 }, options);
    }

    [Fact]
    public void Reports_every_error_at_once_with_its_cure()
    {
        string[] args = ["--workers", "0", "--prot", "80", "--precision", "fp16", "--host", "here", "--queue-limit", "1", "--queue-limit", "2", "--threads"];

        var (options, errors) = OptionsReader.Read(args, name => name == "MAX_BATCH_SIZE" ? "many" : null);

        Assert.Null(options);
        Assert.Equal(
            [
                "--prot: no such option. --help lists them.",
                "--queue-limit: given twice. Keep one.",
                "--threads: its value is missing. Write --threads VALUE.",
                "--host: 'here' is not an IP address. Give one, such as 127.0.0.1.",
                "--workers: '0' is not a whole number from 1 to 256. Give one in that range (default 1).",
                "MAX_BATCH_SIZE: 'many' is not a whole number from 1 to 1024. Give one in that range (default 1).",
                "--precision: 'fp16' is not a precision. Give fp32 or int8.",
            ],
            errors);
    }

    [Fact]
    public void Help_explains_every_option_and_its_variable()
    {
        var help = OptionsReader.Help();

        Assert.All(Knob.All, knob =>
        {
            Assert.Contains(knob.Flag, help, StringComparison.Ordinal);
            Assert.Contains(knob.Variable, help, StringComparison.Ordinal);
            Assert.Contains(knob.Meaning, help, StringComparison.Ordinal);
        });
    }
}
