using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

public sealed class StartAndStopTests
{
    [Theory]
    [InlineData(Signal.Interrupt)]
    [InlineData(Signal.Terminate)]
    [InlineData(Signal.Quit)]
    [InlineData(Signal.Hangup)]
    public async Task EverySignalThatStopsTheServerEndsItWithStatusZero(Signal signal)
    {
        await using var server = await SharpNbdProgram.StartAsync("memory", "size=1M");

        await server.StopAsync(signal, TimeSpan.FromSeconds(5));
    }
}
