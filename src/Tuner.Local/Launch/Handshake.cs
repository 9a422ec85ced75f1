using System.Text;

namespace Tuner.Local.Launch;

/// <summary>
/// What the launcher says over its error pipe, which closes when the candidate's program takes over: one letter, then
/// words. Nothing at all means that the launcher itself was killed.
/// </summary>
internal abstract record Handshake
{
    private const char StartedLetter = 'S';
    private const char CandidateLetter = 'C';
    private const char MachineLetter = 'M';

    private Handshake()
    {
    }

    /// <summary>The program runs.</summary>
    public sealed record Started : Handshake;

    /// <summary>The program cannot run: the candidate's own fault.</summary>
    public sealed record CandidateFault(string Reason) : Handshake;

    /// <summary>The machine did not give what was asked for: not the candidate's fault.</summary>
    public sealed record MachineFault(string Reason) : Handshake;

    public static Handshake Parse(string text)
    {
        var rest = text.StartsWith(StartedLetter) ? text[1..] : text;
        return rest switch
        {
            "" when text.Length > 0 => new Started(),
            "" => new MachineFault("the launcher was killed before it could start the program"),
            [CandidateLetter, .. var reason] => new CandidateFault(reason),
            [MachineLetter, .. var reason] => new MachineFault(reason),
            _ => new MachineFault("the launcher failed: " + text.Trim()),
        };
    }

    /// <summary>The bytes that <see cref="Parse"/> reads.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(this switch
    {
        Started => StartedLetter.ToString(),
        CandidateFault fault => CandidateLetter + fault.Reason,
        MachineFault fault => MachineLetter + fault.Reason,
        _ => throw new InvalidOperationException($"Unknown handshake {GetType().Name}."),
    });
}
