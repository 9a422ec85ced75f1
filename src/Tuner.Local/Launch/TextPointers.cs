using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Tuner.Local.Launch;

/// <summary>A list of texts as C wants it: pointers to NUL-terminated UTF-8, ended by a null pointer.</summary>
internal sealed unsafe class TextPointers : IDisposable
{
    private readonly int count;

    public TextPointers(ImmutableArray<string> texts)
    {
        count = texts.Length;
        Address = (byte**)NativeMemory.AllocZeroed((nuint)count + 1, (nuint)sizeof(byte*));
        for (var index = 0; index < count; index++)
        {
            Address[index] = (byte*)Marshal.StringToCoTaskMemUTF8(texts[index]);
        }
    }

    public byte** Address { get; }

    public void Dispose()
    {
        for (var index = 0; index < count; index++)
        {
            Marshal.FreeCoTaskMem((nint)Address[index]);
        }

        NativeMemory.Free(Address);
    }
}
