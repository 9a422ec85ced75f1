namespace Tuner.Load.Looping;

/// <summary>
/// Counts the server-sent events in a body that arrives in pieces: an event ends with an empty line (lines end with LF
/// or CR LF) and has at least one line that is no comment.
/// </summary>
internal struct EventScanner
{
    private bool lineHasText;
    private bool lineIsComment;
    private bool eventHasField;

    /// <summary>The number of events that end in this piece.</summary>
    public int Scan(ReadOnlySpan<byte> piece)
    {
        var events = 0;
        foreach (var value in piece)
        {
            if (value == (byte)'\n')
            {
                events += EndLine() ? 1 : 0;
            }
            else if (value != (byte)'\r' && !lineHasText)
            {
                lineHasText = true;
                lineIsComment = value == (byte)':';
            }
        }

        return events;
    }

    private bool EndLine()
    {
        var ended = !lineHasText && eventHasField;
        eventHasField = lineHasText ? eventHasField || !lineIsComment : false;
        lineHasText = false;
        return ended;
    }
}
