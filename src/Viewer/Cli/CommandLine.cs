using System.Globalization;
using System.Net;

namespace SharpNbd.Viewer;

/// <summary>Reads the command line.</summary>
internal static class CommandLine
{
    public const int MaximumDisks = 64;

    /// <summary>Stands for the disk's number.</summary>
    private const string NumberPlace = "%d";

    public const string Usage = """
        usage: sharpnbd-view [OPTION...] LOG [SIZE]
               sharpnbd-view [OPTION...] N [SIZE] LOG%d [ERROR%d]

        Shows in the browser what clients do to a disk, from the file that the log filter of
        sharpnbd or nbdkit writes. With N, shows N disks side by side: %d in the names of the logs
        stands for 1 to N. With the names of their error files each disk can be made to fail.

          SIZE                  the disk's size, for example 64M; left out, the log tells it
          -p, --port PORT       the port of the page [10880, or a free one]; 0 takes a free one
          --listen ADDRESS      the address of the page [127.0.0.1]
          --open                show the page in the browser
          --snapshot FILE.png   draw the picture to a file and end
          --at SECONDS          draw this moment of the log, counted from its first line [the end]
          --help                show this
          --version             show the version

        """;

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="UsageException">They cannot be followed.</exception>
    public static ViewerOptions Parse(IReadOnlyList<string> arguments)
    {
        var words = new List<string>();
        var options = new ViewerOptions { Logs = [] };
        var queue = new Queue<string>(arguments);
        var isLiteral = false;
        while (queue.TryDequeue(out var argument))
        {
            if (isLiteral || !argument.StartsWith('-'))
            {
                words.Add(argument);
            }
            else if (argument == "--")
            {
                isLiteral = true;
            }
            else
            {
                options = With(options, argument, queue);
            }
        }

        if (options.At is not null && options.Snapshot is null)
        {
            throw new UsageException("--at needs --snapshot: on the page any moment can be chosen");
        }

        return WithDisks(options, words);
    }

    private static ViewerOptions With(ViewerOptions options, string argument, Queue<string> rest)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? argument : argument[..equals];
        return name switch
        {
            "--open" when equals < 0 => options with { Open = true },
            "-p" or "--port" => options with { Port = PortOf(Value()) },
            "--listen" => options with { Listen = AddressOf(Value()) },
            "--snapshot" => options with { Snapshot = Path.GetFullPath(Value()) },
            "--at" => options with { At = SecondsOf(Value()) },
            _ => throw new UsageException($"there is no option '{argument}'; sharpnbd-view --help shows them all"),
        };

        string Value()
        {
            if (equals >= 0)
            {
                return argument[(equals + 1)..];
            }

            return rest.TryDequeue(out var value) ? value : throw new UsageException($"{name} needs a value");
        }
    }

    private static ViewerOptions WithDisks(ViewerOptions options, List<string> words)
    {
        var hasNumberPlace = words.Skip(1).Any(word => word.Contains(NumberPlace, StringComparison.Ordinal));
        var isArray = words.Count > 1 && words[0].All(char.IsAsciiDigit) && (hasNumberPlace || words.Count > 2);
        var count = 1;
        if (isArray)
        {
            count = int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
            words.RemoveAt(0);
            if (count is < 1 or > MaximumDisks)
            {
                throw new UsageException($"the number of disks is from 1 to {MaximumDisks}");
            }
        }

        if (words.Count == 0)
        {
            throw new UsageException("which log? sharpnbd-view LOG [SIZE]; sharpnbd-view --help shows more");
        }

        var place = isArray ? 0 : Math.Min(1, words.Count - 1);
        if (SizeText.TryParse(words[place], out var size) && words.Count > 1)
        {
            options = options with { Size = size };
            words.RemoveAt(place);
        }
        else if (!isArray && words.Count > 1)
        {
            throw new UsageException($"'{words[1]}' is not a size; sizes are numbers with K, M, G, T, P or E, for example 64M");
        }

        if (words.Count > (isArray ? 2 : 1))
        {
            throw new UsageException($"'{words[isArray ? 2 : 1]}' is too much; sharpnbd-view --help shows what is accepted");
        }

        return options with { Logs = Paths(words[0], count), ErrorFiles = words.Count > 1 ? Paths(words[1], count) : [] };
    }

    private static string[] Paths(string pattern, int count)
    {
        if (count > 1 && !pattern.Contains(NumberPlace, StringComparison.Ordinal))
        {
            throw new UsageException($"'{pattern}' is the same file for {count} disks; put {NumberPlace} where the disk's number belongs");
        }

        return
        [
            .. Enumerable.Range(1, count)
                .Select(number => Path.GetFullPath(pattern.Replace(NumberPlace, number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))),
        ];
    }

    private static int PortOf(string text)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= ushort.MaxValue
            ? port
            : throw new UsageException($"'{text}' is not a port; ports are from 0 to {ushort.MaxValue}");

    private static IPAddress AddressOf(string text)
        => text == "localhost" ? IPAddress.Loopback
            : IPAddress.TryParse(text, out var address) ? address
            : throw new UsageException($"'{text}' is not an address; --listen takes one such as 127.0.0.1, 0.0.0.0 or ::");

    private static TimeSpan SecondsOf(string text)
        => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < 1e9
            ? TimeSpan.FromSeconds(seconds)
            : throw new UsageException($"'{text}' is not a number of seconds");
}
