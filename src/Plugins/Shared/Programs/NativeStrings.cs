using System.Collections;
using System.Runtime.InteropServices;
using System.Text;

namespace SharpNbd.Plugins;

/// <summary>Strings as a C program wants them: an array of pointers to UTF-8, a null at the end; all in one piece of memory.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    /// <summary>Copies the strings.</summary>
    public NativeStrings(params IReadOnlyList<string> strings)
    {
        var size = (strings.Count + 1) * sizeof(byte*);
        foreach (var text in strings)
        {
            size += Encoding.UTF8.GetByteCount(text) + 1;
        }

        Pointers = (byte**)NativeMemory.Alloc((nuint)size);
        var memory = new Span<byte>(Pointers, size);
        var next = (strings.Count + 1) * sizeof(byte*);
        for (var i = 0; i < strings.Count; i++)
        {
            Pointers[i] = (byte*)Pointers + next;
            next += Encoding.UTF8.GetBytes(strings[i], memory[next..]);
            memory[next++] = 0;
        }

        Pointers[strings.Count] = null;
    }

    /// <summary>The array; valid until disposed.</summary>
    public byte** Pointers { get; }

    /// <summary>Our own environment with variables added or replaced.</summary>
    public static NativeStrings EnvironmentWith(params IReadOnlyList<KeyValuePair<string, string>> variables)
        => new([
            .. Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
                .Where(entry => !variables.Any(variable => variable.Key == (string)entry.Key))
                .Select(entry => $"{entry.Key}={entry.Value}"),
            .. variables.Select(variable => $"{variable.Key}={variable.Value}"),
        ]);

    /// <inheritdoc/>
    public void Dispose() => NativeMemory.Free(Pointers);
}
