using System.Reflection;

namespace Tuner.Cli;

/// <summary>How this program was built.</summary>
internal static class BuildKind
{
    public static bool IsDebug =>
        string.Equals(typeof(BuildKind).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration, "Debug", StringComparison.Ordinal);

    public static string Version => typeof(BuildKind).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
