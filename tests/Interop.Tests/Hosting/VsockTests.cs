using System.Globalization;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary><c>--vsock</c>. Listening works wherever the kernel has the family; connecting only where it has its loopback.</summary>
public sealed class VsockTests
{
    // Says "none" without the family, "listens" without a loopback, else "connects".
    private const string Probe = """
        import socket
        try:
            s = socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)
            s.bind((socket.VMADDR_CID_ANY, socket.VMADDR_PORT_ANY))
            s.listen()
            c = socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)
            c.settimeout(2)
            try:
                c.connect((1, s.getsockname()[1]))
                print("connects")
            except OSError:
                print("listens")
        except OSError:
            print("none")
        """;

    [Fact]
    public async Task ItListensAndTellsItsUriOrSaysWhatIsMissing()
    {
        var python = Tool.Require("python3");
        var can = (await python.OutputAsync("-c", Probe)).Trim();

        var result = await SharpNbdProgram.RunAsync("--vsock", "-p", "20809", "--run", "echo \"$uri $port\"", "memory", "1M");

        if (can == "none")
        {
            Assert.Equal(1, result.ExitCode);
            Assert.Contains("this kernel has no vsock sockets", Assert.Single(result.ErrorLines));
            return;
        }

        Assert.Equal("nbd+vsock://1:20809 20809\n", result.Expect(0).Output);
    }

    [Fact]
    public async Task APortThatIsTakenIsNamed()
    {
        using var directory = new TemporaryDirectory();
        var python = Tool.Require("python3");
        if ((await python.OutputAsync("-c", Probe)).Trim() == "none")
        {
            // There is no port that could be taken; the test above checks what is said then.
            return;
        }

        using var ready = new Fifo(directory["pid"]);
        var first = SharpNbdProgram.RunAsync("-f", "--vsock", "-p", "20811", "-P", directory["pid"], "memory", "1M");
        var processId = int.Parse(await ready.ReadLineAsync(), CultureInfo.InvariantCulture);
        var second = await SharpNbdProgram.RunAsync("-f", "--vsock", "-p", "20811", "memory", "1M");
        ProcessSignal.Send(processId, Signal.Terminate);

        (await first).Expect(0);
        Assert.Equal(1, second.ExitCode);
        Assert.Contains("cannot listen on vsock port 20811", Assert.Single(second.ErrorLines));
    }

    [Fact]
    public async Task WhereThereIsALoopbackClientsAreServed()
    {
        if ((await Tool.Require("python3").OutputAsync("-c", Probe)).Trim() != "connects")
        {
            // Such kernels are rare on build machines; a skipped test would fail there.
            return;
        }

        var nbdinfo = Tool.Require("nbdinfo").Path;
        var result = await SharpNbdProgram.RunAsync("--vsock", "-p", "20810", "--run", $"{nbdinfo} --size \"$uri\"", "memory", "3M");

        Assert.Equal($"{3 << 20}\n", result.Expect(0).Output);
    }
}
