using System.Runtime.InteropServices;
using System.Text;
using Tuner.Core.Loads;
using Tuner.Load.Looping;

namespace Tuner.Load.Native;

/// <summary>Every request that can be sent, as finished bytes outside the garbage-collected heap: one for each endpoint and body.</summary>
internal sealed unsafe class RequestBytes : IDisposable
{
    private readonly List<(nint Start, int Length)> requests = [];
    private readonly int bodies;

    public RequestBytes(LoadProfile profile, IReadOnlyList<Uri> endpoints)
    {
        var request = profile.Request;
        bodies = Math.Max(1, request.Bodies.IsDefault ? 0 : request.Bodies.Length);
        foreach (var endpoint in endpoints)
        {
            for (var body = 0; body < bodies; body++)
            {
                requests.Add(Pin(Render(profile, endpoint, request.Bodies.IsDefaultOrEmpty ? null : request.Bodies[body])));
            }
        }
    }

    public (nint Start, int Length) this[int endpoint, int body] => requests[(endpoint * bodies) + body];

    /// <summary>One request as it goes over the wire.</summary>
    public static byte[] Render(LoadProfile profile, Uri endpoint, WeightedBody? body)
    {
        var request = profile.Request;
        var head = new StringBuilder();
        head.Append(request.Method).Append(' ').Append(endpoint.AbsolutePath.TrimEnd('/')).Append(request.Path).Append(" HTTP/1.1\r\n");
        AppendUnlessGiven(head, request, "Host", endpoint.Authority);
        AppendUnlessGiven(head, request, "User-Agent", RequestHead.UserAgent);
        AppendUnlessGiven(head, request, "Accept", "*/*");
        if (!profile.Connections.Reuse)
        {
            AppendUnlessGiven(head, request, "Connection", "close");
        }

        foreach (var (name, value) in RequestHead.Of(request, body))
        {
            Append(head, name, value);
        }

        if (body is not null || request.Method is "POST" or "PUT" or "PATCH")
        {
            AppendUnlessGiven(head, request, "Content-Length", (body?.Content.Length ?? 0).ToString());
        }

        return [.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. body is null ? [] : body.Content.ToArray()];
    }

    public void Dispose()
    {
        foreach (var (start, _) in requests)
        {
            NativeMemory.Free((void*)start);
        }

        requests.Clear();
    }

    private static void AppendUnlessGiven(StringBuilder head, RequestTemplate request, string name, string value)
    {
        if (!RequestHead.Has(request.Headers, name))
        {
            Append(head, name, value);
        }
    }

    private static void Append(StringBuilder head, string name, string value)
    {
        if (name.AsSpan().ContainsAny("\r\n: ") || value.AsSpan().ContainsAny("\r\n"))
        {
            throw new ArgumentException($"Header '{name}' holds a line break, or a space or colon in its name; remove it.");
        }

        head.Append(name).Append(": ").Append(value).Append("\r\n");
    }

    private static (nint Start, int Length) Pin(byte[] bytes)
    {
        var memory = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
        bytes.CopyTo(new Span<byte>(memory, bytes.Length));
        return ((nint)memory, bytes.Length);
    }
}
