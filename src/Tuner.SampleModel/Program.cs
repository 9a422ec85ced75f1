using Tuner.SampleModel;
using Tuner.SampleModel.Options;
using Tuner.SampleModel.Serving;
using Tuner.SampleModel.Training;

switch (args)
{
    case ["train", "--help" or "-h"]:
        Console.WriteLine(TrainCommand.Help);
        return ExitCodes.Success;
    case ["train", .. var rest]:
        return TrainCommand.Run(rest, CancellationToken.None);
    case ["--help" or "-h", ..]:
        Console.WriteLine(OptionsReader.Help());
        return ExitCodes.Success;
}

var (options, errors) = OptionsReader.Read(args, Environment.GetEnvironmentVariable);
if (options is null)
{
    foreach (var error in errors)
    {
        Console.Error.WriteLine(error);
    }

    return ExitCodes.BadInput;
}

return await ServeCommand.Run(options, TimeProvider.System, CancellationToken.None);
