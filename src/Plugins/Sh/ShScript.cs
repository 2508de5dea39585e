using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Finds the script of the sh plugin.</summary>
internal static class ShScript
{
    /// <summary>What runs the script.</summary>
    /// <param name="script">What was typed: a path, or - for standard input.</param>
    /// <param name="directory">Where a script from standard input is kept.</param>
    /// <exception cref="ParameterException">There is no such script.</exception>
    public static ScriptCommand Find(string script, ScriptDirectory directory)
    {
        if (script == "-")
        {
            return FromStandardInput(directory);
        }

        try
        {
            // A script that calls itself by $0 must find itself also from the directory of a server in the background.
            var path = FilePath.Parse(script).Value;
            return File.Exists(path) ? new ScriptCommand(path, path)
                : throw new ParameterException($"script={script}: {(Directory.Exists(path) ? "this is a directory" : "there is no such file")}");
        }
        catch (FormatException e)
        {
            throw new ParameterException($"script={script}: {e.Message}");
        }
    }

    private static ScriptCommand FromStandardInput(ScriptDirectory directory)
    {
        var path = Path.Combine(directory.Path, "inline-script.sh");
        using (var input = Console.OpenStandardInput())
        using (var file = new FileStream(path, OnlyForUs()))
        {
            input.CopyTo(file);
            if (file.Length == 0)
            {
                throw new ParameterException("script=-: standard input is empty; a script is expected there");
            }
        }

        // Without #! the shell runs it, which works also where the directory's file system lets nothing be started.
        using var reader = new StreamReader(path);
        return reader.Read() == '#' && reader.Read() == '!'
            ? new ScriptCommand("the script on standard input", path)
            : new ScriptCommand("the script on standard input", ScriptCommand.Shell, path);
    }

    private static FileStreamOptions OnlyForUs()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        }

        return options;
    }
}
