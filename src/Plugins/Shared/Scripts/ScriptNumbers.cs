using System.Globalization;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Reads the sizes, words and extents that a script writes.</summary>
internal static class ScriptNumbers
{
    private static readonly char[] Blanks = [' ', '\t', '\n', '\r', '\v', '\f'];

    /// <summary>The answer to get_size.</summary>
    public static long Size(ScriptAnswer answer)
    {
        try
        {
            return ByteSize.Parse(answer.Line).Value;
        }
        catch (FormatException e)
        {
            throw answer.NotUnderstood($"'{answer.Line}'", e);
        }
    }

    /// <summary>The answer to block_size; three zeroes mean that there is nothing to say.</summary>
    public static BlockSize? BlockSizes(ScriptAnswer answer)
    {
        try
        {
            var sizes = answer.Text.Split(Blanks, StringSplitOptions.RemoveEmptyEntries).Select(word => ByteSize.Parse(word).Value).ToArray();
            return sizes switch
            {
                [0, 0, 0] => null,
                [var minimum, var preferred, var maximum] => new BlockSize(minimum, preferred, maximum),
                _ => throw new FormatException("three sizes are needed: the smallest, the preferred and the largest block"),
            };
        }
        catch (Exception e) when (e is FormatException or ArgumentOutOfRangeException)
        {
            throw answer.NotUnderstood($"'{answer.Line}'", e);
        }
    }

    /// <summary>The answer to can_fua and can_cache.</summary>
    public static Support Support(ScriptAnswer answer) => answer.Line switch
    {
        "none" => Abstractions.Support.None,
        "emulate" => Abstractions.Support.Emulated,
        "native" => Abstractions.Support.Native,
        var other => throw answer.NotUnderstood($"'{other}', and one of none, emulate and native is needed"),
    };

    /// <summary>The answer to thread_model; what is not known is the safe one, as in nbdkit.</summary>
    public static ThreadModel ThreadModel(ScriptAnswer answer) => !answer.IsGiven ? Abstractions.ThreadModel.SerializeAllRequests : answer.Line switch
    {
        "serialize_connections" => Abstractions.ThreadModel.SerializeConnections,
        "serialize_requests" => Abstractions.ThreadModel.SerializeRequests,
        "parallel" => Abstractions.ThreadModel.Parallel,
        _ => Abstractions.ThreadModel.SerializeAllRequests,
    };

    /// <summary>The answer to extents: on each line offset, length and, where it is not plain data, a type.</summary>
    public static void AddExtents(ScriptAnswer answer, ExtentList extents)
    {
        foreach (var line in answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                var words = line.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
                if (words is not ([_, _] or [_, _, _]))
                {
                    throw new FormatException("offset, length and perhaps a type are needed");
                }

                extents.Add(ByteSize.Parse(words[0]).Value, ByteSize.Parse(words[1]).Value, words.Length > 2 ? Flags(words[2]) : ExtentFlags.Data);
            }
            catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
            {
                throw answer.NotUnderstood($"'{line}'", e);
            }
        }
    }

    private static ExtentFlags Flags(string type)
    {
        if (int.TryParse(type, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 3)
        {
            return (ExtentFlags)number;
        }

        var flags = ExtentFlags.Data;
        foreach (var word in type.Split(','))
        {
            flags |= word switch
            {
                "hole" => ExtentFlags.Hole,
                "zero" => ExtentFlags.Zero,
                _ => throw new FormatException("a type is a number from 0 to 3 or made of the words hole and zero"),
            };
        }

        return flags;
    }
}
