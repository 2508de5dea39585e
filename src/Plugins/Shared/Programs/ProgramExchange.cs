namespace SharpNbd.Plugins;

/// <summary>Gives a program its input and takes its output until all of it is closed, on the calling thread.</summary>
internal static unsafe class ProgramExchange
{
    private const int ScrapLength = 4096;

    /// <summary>Exchanges everything, in whatever order the program does it.</summary>
    /// <param name="program">The program.</param>
    /// <param name="input">What it is given, where its input is a pipe. A program that does not read it all has its reasons.</param>
    /// <param name="output">Takes its standard output; a program that writes more than is wanted is not listened to any longer.</param>
    /// <param name="error">Takes its standard error; what is too much is dropped.</param>
    public static void Run(RunningProgram program, ReadOnlySpan<byte> input, ProgramOutput output, ProgramOutput error)
    {
        var entries = stackalloc PollEntry[3];
        if (program.Input >= 0)
        {
            // Most input fits into the pipe, and most programs want it first.
            Give(program, ref input);
        }

        while (program.Output >= 0 || program.Error >= 0 || program.Input >= 0)
        {
            entries[0] = new PollEntry { Descriptor = program.Output, Wanted = ProgramCalls.PollInput };
            entries[1] = new PollEntry { Descriptor = program.Error, Wanted = ProgramCalls.PollInput };
            entries[2] = new PollEntry { Descriptor = program.Input, Wanted = ProgramCalls.PollOutput };
            if (ProgramCalls.Poll(entries, 3, -1) < 0)
            {
                if (Errno.Last == Errno.EINTR)
                {
                    continue;
                }

                throw Errno.Exception(Errno.Last, "a program cannot be waited for");
            }

            // An end or an error of a pipe shows as something that happened without having been asked for.
            if (entries[0].Happened != 0 && !Take(program.Output, output))
            {
                program.CloseOutput();
            }

            if (entries[1].Happened != 0 && !Take(program.Error, error))
            {
                program.CloseError();
            }

            if (entries[2].Happened != 0)
            {
                Give(program, ref input);
            }
        }
    }

    private static void Give(RunningProgram program, ref ReadOnlySpan<byte> input)
    {
        fixed (byte* data = input)
        {
            var count = input.IsEmpty ? 0 : ProgramCalls.Write(program.Input, data, (nuint)input.Length);
            if (count >= 0)
            {
                input = input[(int)count..];
            }
            else if (Errno.Last is not (Errno.EAGAIN or Errno.EINTR))
            {
                // It does not read, and how it ends says whether that is right.
                input = default;
            }
        }

        if (input.IsEmpty)
        {
            program.CloseInput();
        }
    }

    /// <summary>Takes some bytes; false at the end of the pipe, and at the first byte that is too much.</summary>
    private static bool Take(int descriptor, ProgramOutput output)
    {
        var room = output.Room();
        var scrap = stackalloc byte[ScrapLength];
        fixed (byte* buffer = room)
        {
            var count = room.IsEmpty
                ? ProgramCalls.Read(descriptor, scrap, ScrapLength)
                : ProgramCalls.Read(descriptor, buffer, (nuint)room.Length);
            if (count <= 0)
            {
                return count < 0 && Errno.Last == Errno.EINTR;
            }

            if (room.IsEmpty)
            {
                output.HasOverflown = true;
                return output.DropsRest;
            }

            output.Advance((int)count);
            return true;
        }
    }
}
