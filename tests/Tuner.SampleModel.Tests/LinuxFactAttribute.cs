namespace Tuner.SampleModel.Tests;

/// <summary>Needs /proc, and says so elsewhere.</summary>
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
        {
            Skip = "reads the names of threads from /proc: Linux only";
        }
    }
}
