using System.Buffers.Text;
using System.Runtime.CompilerServices;

namespace Tuner.Load.Native;

internal enum ParseStep
{
    /// <summary>Everything was read; more bytes are needed.</summary>
    More,

    /// <summary>A piece of the body was read; there may be more to read in the same bytes.</summary>
    Body,

    /// <summary>The answer is complete; bytes that remain do not belong to it.</summary>
    Complete,

    /// <summary>This is not HTTP/1.x.</summary>
    Invalid,
}

/// <summary>
/// Reads one HTTP/1.x answer from bytes in pieces of any size (RFC 9112), without allocating once a connection's first
/// split line was seen. Compiled optimised at once (as the other code of every request is): a load is often over before the
/// runtime would get round to it. Lenient as to line ends, strict as to framing: what cannot be framed with certainty is invalid.
/// </summary>
internal struct ResponseParser
{
    private HeaderLines lines;
    private long remaining;
    private State state;
    private bool chunked;
    private bool hasLength;
    private bool http10;
    private bool keepAliveAsked;
    private bool headRequest;

    private enum State : byte
    {
        StatusLine,
        Headers,
        Length,
        ChunkSize,
        ChunkData,
        ChunkEnd,
        Trailers,
        UntilClose,
        Done,
    }

    /// <summary>The status of the answer; 0 until its first line was read.</summary>
    public int Status { get; private set; }

    /// <summary>Whether the server closes the connection after this answer.</summary>
    public bool Closes { get; private set; }

    /// <summary>No byte of the answer has been read yet.</summary>
    public readonly bool IsUnread => state == State.StatusLine && lines.IsUnread;

    /// <summary>The end of the connection is the end of this answer.</summary>
    public readonly bool EndsWithConnection => state == State.UntilClose;

    /// <summary>Makes ready for the next answer on the connection.</summary>
    public void Reset(bool head)
    {
        lines.Reset();
        Status = 0;
        headRequest = head;
        Closes = false;
        BeginMessage();
    }

    /// <summary>Reads on; call again with what remains while it returns <see cref="ParseStep.Body"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ParseStep Read(ref ReadOnlySpan<byte> data, out ReadOnlySpan<byte> body)
    {
        body = default;
        while (true)
        {
            switch (state)
            {
                case State.Length or State.ChunkData or State.UntilClose when data.IsEmpty && remaining != 0:
                    return ParseStep.More;
                case State.Length or State.ChunkData or State.UntilClose:
                    return TakeBody(ref data, out body);
                case State.Done:
                    return ParseStep.Complete;
            }

            switch (lines.Take(ref data, out var line))
            {
                case LineResult.Partial:
                    return ParseStep.More;
                case LineResult.TooLong:
                    return ParseStep.Invalid;
            }

            if (!TakeHeaderLine(line))
            {
                return ParseStep.Invalid;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TakeHeaderLine(ReadOnlySpan<byte> line) => state switch
    {
        State.StatusLine => TakeStatus(line),
        State.Headers => line.IsEmpty ? EndHeaders() : TakeHeader(line),
        State.ChunkSize => TakeChunkSize(line),
        State.ChunkEnd => line.IsEmpty && Enter(State.ChunkSize),
        State.Trailers => !line.IsEmpty || Enter(State.Done),
        _ => false,
    };

    private bool TakeStatus(ReadOnlySpan<byte> line)
    {
        // HTTP/1.1 200 OK, the reason being optional. Empty lines before it are forgiven (RFC 9112, section 2.2).
        if (line.IsEmpty)
        {
            return true;
        }

        if (line.Length < 12 || !line.StartsWith("HTTP/1."u8) || line[8] != ' ' || (line.Length > 12 && line[12] != ' ')
            || !Utf8Parser.TryParse(line.Slice(9, 3), out int status, out var used) || used != 3 || status < 100)
        {
            return false;
        }

        Status = status;
        http10 = line[7] == '0';
        return Enter(State.Headers);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TakeHeader(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        if (colon <= 0)
        {
            return false;
        }

        var name = line[..colon];
        var rest = line[(colon + 1)..];
        return colon switch
        {
            10 when Is(name, "connection"u8) => TakeConnection(Value(rest)),
            14 when Is(name, "content-length"u8) => TakeLength(Value(rest)),
            17 when Is(name, "transfer-encoding"u8) => TakeCoding(Value(rest)),
            _ => true,
        };
    }

    private bool TakeConnection(ReadOnlySpan<byte> value)
    {
        // The usual one at a glance; it may stand in a list, too.
        if (Is(value, "keep-alive"u8))
        {
            keepAliveAsked = true;
            return true;
        }

        Closes |= Contains(value, "close"u8);
        keepAliveAsked |= Contains(value, "keep-alive"u8);
        return true;
    }

    private bool TakeLength(ReadOnlySpan<byte> value)
    {
        // Repeated lengths must agree; anything else is a way to smuggle an answer.
        if (!Utf8Parser.TryParse(value, out long length, out var used) || used != value.Length || length < 0 || (hasLength && length != remaining))
        {
            return false;
        }

        remaining = length;
        hasLength = true;
        return true;
    }

    private bool TakeCoding(ReadOnlySpan<byte> value)
    {
        chunked = value.Length >= 7 && Is(value[^7..], "chunked"u8);
        return chunked;
    }

    private bool EndHeaders()
    {
        if (Status is >= 100 and < 200)
        {
            // An interim answer; the real one follows. 101 would be another protocol, which was not asked for.
            var switches = Status == 101;
            Status = 0;
            BeginMessage();
            return !switches;
        }

        Closes |= http10 && !keepAliveAsked;
        if (headRequest || Status is 204 or 304)
        {
            return Enter(State.Done);
        }

        if (chunked)
        {
            return Enter(State.ChunkSize);
        }

        if (hasLength)
        {
            return Enter(remaining == 0 ? State.Done : State.Length);
        }

        Closes = true;
        remaining = long.MaxValue;
        return Enter(State.UntilClose);
    }

    private bool TakeChunkSize(ReadOnlySpan<byte> line)
    {
        var extension = line.IndexOf((byte)';');
        var digits = (extension < 0 ? line : line[..extension]).TrimEnd(" \t"u8);
        if (digits.IsEmpty || digits.Length > 15 || !Utf8Parser.TryParse(digits, out long size, out var used, 'x') || used != digits.Length || size < 0)
        {
            return false;
        }

        remaining = size;
        return Enter(size == 0 ? State.Trailers : State.ChunkData);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ParseStep TakeBody(ref ReadOnlySpan<byte> data, out ReadOnlySpan<byte> body)
    {
        var take = (int)Math.Min(remaining, data.Length);
        body = data[..take];
        data = data[take..];
        remaining -= state == State.UntilClose ? 0 : take;
        if (remaining == 0)
        {
            Enter(state == State.ChunkData ? State.ChunkEnd : State.Done);
        }

        return ParseStep.Body;
    }

    private void BeginMessage()
    {
        state = State.StatusLine;
        chunked = false;
        hasLength = false;
        keepAliveAsked = false;
        remaining = 0;
    }

    private bool Enter(State next)
    {
        state = next;

        // Chunk lines are limited one by one: an endless stream may have any number of them.
        if (next is State.ChunkSize or State.ChunkEnd)
        {
            lines.CountAnew();
        }

        return true;
    }

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> rest) => rest.Trim(" \t"u8);

    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower) => System.Text.Ascii.EqualsIgnoreCase(text, lower);

    private static bool Contains(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower)
    {
        for (var start = 0; start + lower.Length <= text.Length; start++)
        {
            if (Is(text.Slice(start, lower.Length), lower))
            {
                return true;
            }
        }

        return false;
    }
}
