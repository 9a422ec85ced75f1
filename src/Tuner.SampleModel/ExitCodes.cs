namespace Tuner.SampleModel;

/// <summary>How the program ends.</summary>
internal static class ExitCodes
{
    public const int Success = 0;
    public const int InternalError = 1;

    /// <summary>An option or a file is wrong (EX_USAGE of sysexits.h).</summary>
    public const int BadInput = 64;
}
