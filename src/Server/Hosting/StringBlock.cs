using System.Runtime.InteropServices;

namespace SharpNbd.Server;

/// <summary>Strings as a C program wants them: an array of pointers to UTF-8, a null at the end.</summary>
internal sealed unsafe class StringBlock : IDisposable
{
    private readonly int _count;

    /// <summary>Copies the strings.</summary>
    public StringBlock(IReadOnlyList<string> strings)
    {
        _count = strings.Count;
        Pointers = (byte**)NativeMemory.AllocZeroed((nuint)(_count + 1), (nuint)sizeof(byte*));
        for (var i = 0; i < _count; i++)
        {
            Pointers[i] = (byte*)Marshal.StringToCoTaskMemUTF8(strings[i]);
        }
    }

    /// <summary>The array; valid until disposed.</summary>
    public byte** Pointers { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (var i = 0; i < _count; i++)
        {
            Marshal.FreeCoTaskMem((nint)Pointers[i]);
        }

        NativeMemory.Free(Pointers);
    }
}
