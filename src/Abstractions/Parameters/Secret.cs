using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace SharpNbd.Abstractions;

/// <summary>
/// A password: typed literally, or as <c>-</c> to be asked for on the terminal, <c>+FILE</c> for the first line of a file, or
/// <c>-FD</c> for the first line of an inherited descriptor above 2. Its text never appears in messages.
/// </summary>
public sealed class Secret
{
    private readonly string _text;

    private Secret(string text) => _text = text;

    /// <summary>The password itself.</summary>
    public string Reveal() => _text;

    /// <summary>Reads a password in any of its forms, asking for it or opening files as need be.</summary>
    /// <param name="text">The form that was typed.</param>
    /// <exception cref="FormatException">The descriptor is 0, 1 or 2, or there is no terminal to ask on.</exception>
    /// <exception cref="IOException">The file or descriptor cannot be read.</exception>
    public static Secret Parse(string text)
    {
        if (text == "-")
        {
            return new Secret(Ask());
        }

        if (text.StartsWith('+'))
        {
            using var reader = new StreamReader(Path.GetFullPath(text[1..]));
            return new Secret(reader.ReadLine() ?? "");
        }

        if (text.StartsWith('-') && int.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var descriptor))
        {
            if (descriptor <= 2)
            {
                throw new FormatException("a password cannot be read from the standard streams; use - to be asked for it");
            }

            using var stream = new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Read);
            using var reader = new StreamReader(stream);
            return new Secret(reader.ReadLine() ?? "");
        }

        return new Secret(text);
    }

    /// <summary>Says that there is a password, never which.</summary>
    public override string ToString() => "(secret)";

    private static string Ask()
    {
        if (Console.IsInputRedirected)
        {
            throw new FormatException("there is no terminal to ask for a password on; use +FILE or -FD");
        }

        Console.Error.Write("password: ");
        var typed = new List<char>();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                typed.RemoveRange(Math.Max(0, typed.Count - 1), Math.Min(1, typed.Count));
            }
            else
            {
                typed.Add(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return new string([.. typed]);
    }
}
