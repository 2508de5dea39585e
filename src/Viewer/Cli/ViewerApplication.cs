using System.Reflection;

namespace SharpNbd.Viewer;

/// <summary>The program: the one place that turns what went wrong into a line and a status.</summary>
internal static class ViewerApplication
{
    /// <summary>Where the page is when nothing else is said.</summary>
    private const int UsualPort = 10880;

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments.Contains("--help") || arguments.Contains("-h"))
        {
            Console.Out.Write(CommandLine.Usage);
            return 0;
        }

        if (arguments.Contains("--version"))
        {
            Console.Out.WriteLine($"sharpnbd-view {typeof(ViewerApplication).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion}");
            return 0;
        }

        try
        {
            var options = CommandLine.Parse(arguments);
            var disks = DisksOf(options);
            if (options.Snapshot is not null)
            {
                SnapshotCommand.Run(disks, options, Console.Out);
            }
            else
            {
                await ServeAsync(disks, options);
            }

            return 0;
        }
        catch (Exception e) when (Unwrap(e) is UsageException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"sharpnbd-view: {Unwrap(e).Message}");
            return 1;
        }
    }

    private static Exception Unwrap(Exception e) => e is AggregateException several ? several.InnerExceptions[0] : e;

    private static Disk[] DisksOf(ViewerOptions options)
        =>
        [
            .. options.Logs.Select((path, index) => new Disk(
                options.Logs.Count == 1 ? Path.GetFileName(path) : $"disk {index + 1}",
                new DiskLog(path, options.Size),
                index < options.ErrorFiles.Count ? new ErrorSwitch(options.ErrorFiles[index]) : null)),
        ];

    private static async Task ServeAsync(Disk[] disks, ViewerOptions options)
    {
        var server = new ViewerServer(disks);
        try
        {
            await server.RunAsync(options.Listen, options.Port ?? UsualPort, Started);
        }
        catch (IOException) when (options.Port is null)
        {
            await server.RunAsync(options.Listen, 0, Started);
        }

        void Started(string address)
        {
            Console.Out.WriteLine(address);
            if (options.Open && Browser.Open(address) is { } problem)
            {
                Console.Error.WriteLine($"sharpnbd-view: {problem}");
            }
        }
    }
}
