using Tuner.SampleModel;
using Tuner.SampleModel.Options;
using Tuner.SampleModel.Serving;
using Tuner.SampleModel.Training;

return args switch
{
    ["train", "--help" or "-h", ..] => Print(TrainCommand.Help),
    ["train", .. var rest] => TrainCommand.Run(rest, CancellationToken.None),
    ["--help" or "-h", ..] => Print(OptionsReader.Help()),
    _ => await ServeCommand.Run(args, TimeProvider.System, CancellationToken.None),
};

static int Print(string text)
{
    Console.WriteLine(text);
    return ExitCodes.Success;
}
