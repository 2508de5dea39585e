using System.Runtime.InteropServices;
using SharpFuzz;
using SharpFuzz.Common;
using SharpNbd.TestKit;

// What fuzz/run starts; its --help tells what there is.
if (args is ["seeds", var directory])
{
    foreach (var target in FuzzTarget.All)
    {
        Directory.CreateDirectory(Path.Combine(directory, target.Name));
        foreach (var (name, input) in FuzzSeeds.Of(target))
        {
            File.WriteAllBytes(Path.Combine(directory, target.Name, name), input);
        }
    }

    return 0;
}

if (args.Length == 0 || FuzzTarget.Find(args[0]) is not { } chosen)
{
    Console.Error.WriteLine($"usage: SharpNbd.Fuzz TARGET [FILE...], where TARGET is one of {string.Join(", ", FuzzTarget.All.Select(target => target.Name))}; or seeds DIRECTORY");
    return 2;
}

// Where instrumented code counts its branches while no fuzzer looks.
unsafe
{
    Trace.SharedMem = (byte*)NativeMemory.AllocZeroed(64 << 10);
}

// Files are run once each, and tell what is wrong with them; without any, inputs come from AFL.
foreach (var file in args.Skip(1))
{
    Console.WriteLine(file);
    chosen.Run(File.ReadAllBytes(file));
}

if (args.Length == 1)
{
    // The first connection of a process does things that later ones do not, which a fuzzer would take for paths of its first input.
    foreach (var (_, input) in FuzzSeeds.Of(chosen))
    {
        chosen.Run(input);
    }

    var memory = new MemoryStream();
    Fuzzer.Run(stream =>
    {
        memory.SetLength(0);
        stream.CopyTo(memory);
        chosen.Run(memory.GetBuffer().AsSpan(0, (int)memory.Length));
    });
}

return 0;
