namespace SharpNbd.TestKit;

/// <summary>The real nbdkit, which some tests compare with; they are skipped where it is not installed.</summary>
public static class NbdkitProgram
{
    /// <summary>Starts it as <see cref="SharpNbdProgram.StartAsync"/> starts ours.</summary>
    public static Task<ServerProgram> StartAsync(params IEnumerable<string> arguments)
        => ServerProgram.StartAsync(Tool.Require("nbdkit").Path, arguments);
}
