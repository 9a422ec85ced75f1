using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Tuner.Core.Loads;
using Tuner.Load.Looping;
using Tuner.Load.Native;
using Tuner.Load.Portable;

namespace Tuner.Load;

/// <summary>Chooses the engine for a load, and makes what it needs.</summary>
internal static class EngineChoice
{
    private const double RatePerThread = 20_000;
    private const int UsersPerThread = 256;

    public static EngineSetup Create(LoadPlan plan, IReadOnlyList<Uri> endpoints)
    {
        var obstacle = NativeObstacle(plan.Profile, endpoints);
        return plan.Options.Engine switch
        {
            LoadEngine.Native when obstacle is not null => throw new ArgumentException($"The native engine cannot send this load: {obstacle}. Use the portable engine, or auto."),
            LoadEngine.Portable => Portable(plan, endpoints),
            LoadEngine.Auto when obstacle is not null => Portable(plan, endpoints),
            _ => Native(plan, endpoints),
        };
    }

    /// <summary>Why the native engine cannot send this load; null when it can.</summary>
    internal static string? NativeObstacle(LoadProfile profile, IReadOnlyList<Uri> endpoints)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture is not (Architecture.X64 or Architecture.Arm64))
        {
            return "it needs Linux on x64 or arm64";
        }

        if (profile.Request.Protocol is not HttpProtocol.Http11)
        {
            return "it speaks HTTP/1.1 only";
        }

        return endpoints.FirstOrDefault(endpoint => endpoint.Scheme != Uri.UriSchemeHttp) is { } secure ? $"{secure} is not plain http" : null;
    }

    private static EngineSetup Portable(LoadPlan plan, IReadOnlyList<Uri> endpoints) =>
        new("portable", 1, OwnsItsThreads: false, slots => new HttpWire(plan.Profile, plan.Options, endpoints, slots));

    private static EngineSetup Native(LoadPlan plan, IReadOnlyList<Uri> endpoints)
    {
        var requests = new RequestBytes(plan.Profile, endpoints);
        byte[][] addresses = [.. endpoints.Select(endpoint => Resolve(endpoint, plan.Options.MayConnect))];
        return new EngineSetup("native", Threads(plan), OwnsItsThreads: true, slots => new EpollWire(plan.Profile, requests, addresses, slots, collects: plan.Options.Pacing is LoadPacing.Economical))
        {
            Resources = requests,
        };
    }

    private static int Threads(LoadPlan plan)
    {
        if (plan.Options.Threads > 0)
        {
            return plan.Options.Threads;
        }

        var wanted = plan.Profile.IsOpenModel
            ? plan.Phases.Max(phase => phase.Length > 0 ? phase.Phase.PeakRate : 0) / RatePerThread
            : plan.Phases.Max(phase => phase.Phase is UsersPhase users ? users.Users : 0) / (double)UsersPerThread;
        return Math.Clamp((int)Math.Ceiling(wanted), 1, Math.Max(1, Environment.ProcessorCount / 2));
    }

    /// <summary>The endpoint's address as the C library wants it (sockaddr_in or sockaddr_in6).</summary>
    /// <exception cref="ArgumentException">It may not be connected to.</exception>
    internal static byte[] Resolve(Uri endpoint, Func<IPEndPoint, bool>? mayConnect = null)
    {
        var address = IPAddress.TryParse(endpoint.DnsSafeHost, out var literal)
            ? literal
            : Dns.GetHostAddresses(endpoint.DnsSafeHost).OrderBy(found => found.AddressFamily is AddressFamily.InterNetwork ? 0 : 1).First();
        var resolved = new IPEndPoint(address, endpoint.Port);
        return mayConnect?.Invoke(resolved) is false
            ? throw new ArgumentException($"'{endpoint.GetLeftPart(UriPartial.Authority)}' is {resolved}, and load may not be sent there.")
            : resolved.Serialize().Buffer.ToArray();
    }
}
