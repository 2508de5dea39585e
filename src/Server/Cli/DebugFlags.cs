using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>The flags of <c>-D NAME.FLAG=N</c>.</summary>
/// <param name="flags">Name, flag and number as they were given.</param>
internal sealed class DebugFlags(IReadOnlyList<(string Name, string Flag, int Value)> flags)
{
    private const string Server = "nbdkit";
    private const string ControlPath = "backend.controlpath";
    private const string DataPath = "backend.datapath";
    private const string EnvironmentFlag = "environ";

    // The two of TLS belong to a library that is not used here; they are known, and change nothing.
    private static readonly string[] OfServer = [ControlPath, DataPath, EnvironmentFlag, "tls.log", "tls.session"];

    /// <summary>Debug messages about handshakes and the life of connections are written.</summary>
    public bool ShowsControlPath => Value(ControlPath) != 0;

    /// <summary>Debug messages about requests are written.</summary>
    public bool ShowsDataPath => Value(DataPath) != 0;

    /// <summary>The environment is written at the start.</summary>
    public bool ShowsEnvironment => Value(EnvironmentFlag) is > 0;

    /// <summary>Reads the values of the option; what is wrong is added to the errors.</summary>
    public static DebugFlags Read(IEnumerable<string> values, List<string> errors)
    {
        var flags = new List<(string, string, int)>();
        foreach (var text in values)
        {
            var dot = text.IndexOf('.', StringComparison.Ordinal);
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (dot > 0 && equals > dot + 1 && TryParse(text[(equals + 1)..], out var value))
            {
                flags.Add((text[..dot], text[(dot + 1)..equals], value));
            }
            else
            {
                errors.Add($"-D {text}: NAME.FLAG=N is needed, where N is a whole number");
            }
        }

        return new DebugFlags(flags);
    }

    /// <summary>What has no effect, a line each. As in nbdkit that is no error: a flag may come with a newer version.</summary>
    /// <param name="components">The plugin and the filters.</param>
    public IEnumerable<string> Unused(IEnumerable<Component> components)
    {
        foreach (var (name, flag, _) in flags)
        {
            if (name == Server ? !OfServer.Contains(flag) : components.Any(component => component.Name == name))
            {
                yield return $"-D {name}.{flag}: {name} has no debug flag {flag}";
            }
            else if (name != Server)
            {
                yield return $"-D {name}.{flag}: no plugin or filter {name} is used";
            }
        }
    }

    private int? Value(string flag)
    {
        var found = flags.LastOrDefault(given => given.Name == Server && given.Flag == flag);
        return found.Flag is null ? null : found.Value;
    }

    private static bool TryParse(string text, out int value)
    {
        try
        {
            value = (int)ValueSyntax.Of(typeof(int)).Parse(text);
            return true;
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            value = 0;
            return false;
        }
    }
}
