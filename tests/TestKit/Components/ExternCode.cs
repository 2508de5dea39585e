namespace SharpNbd.TestKit;

/// <summary>The code of small plugins and filters that tests compile and load.</summary>
public static class ExternCode
{
    /// <summary>A plugin of a class of this name, which is called the same in lower-case letters: a disk on which each byte tells its offset modulo 251.</summary>
    /// <param name="name">The class.</param>
    /// <param name="members">Further members of the class.</param>
    /// <param name="value">What is made of an offset <c>o</c>.</param>
    public static string Plugin(string name, string members = "", string value = "o % 251") => $$"""
        public sealed record {{name}}Options
        {
            [Parameter("size", "How large.", IsMagic = true)]
            public required ByteSize Size { get; init; }
        }

        public sealed class {{name}} : Plugin<{{name}}Options>
        {
            {{members}}
            public override string Name => "{{name.ToLowerInvariant()}}";
            public override string Summary => "Disk of offsets";
            public override DiskOperations Operations => DiskOperations.MultiConn;
            protected override ValueTask<DiskSource> CreateAsync({{name}}Options options, ComponentContext context, CancellationToken token)
                => new(new {{name}}Source(options));
        }

        internal sealed class {{name}}Source({{name}}Options options) : DiskSource
        {
            public override ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken token) => new(new {{name}}Disk(options));
        }

        internal sealed class {{name}}Disk({{name}}Options options) : Disk
        {
            public override long Size => options.Size.Value;
            public override DiskCapabilities Capabilities { get; } = new() { CanMultiConn = true };
            public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken token)
            {
                for (var i = 0; i < buffer.Length; i++)
                {
                    var o = offset + i;
                    buffer.Span[i] = (byte)({{value}});
                }

                return default;
            }
        }

        """;

    /// <summary>A filter of a class of this name, which is called the same in lower-case letters: it flips all bits of what is read.</summary>
    public static string Filter(string name) => $$"""
        public sealed record {{name}}Options
        {
            [Parameter("flip", "Which bits.")]
            public int Bits { get; init; } = 255;
        }

        public sealed class {{name}} : Filter<{{name}}Options>
        {
            public override string Name => "{{name.ToLowerInvariant()}}";
            public override string Summary => "flip bits";
            protected override DiskSource Wrap(DiskSource inner, {{name}}Options options, ComponentContext context) => new {{name}}Source(inner, options);
        }

        internal sealed class {{name}}Source(DiskSource inner, {{name}}Options options) : SourceFilter(inner)
        {
            public override async ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken token)
                => new {{name}}Disk(await Inner.OpenAsync(request, token), options);
        }

        internal sealed class {{name}}Disk(Disk inner, {{name}}Options options) : DiskFilter(inner)
        {
            protected override bool PassesReads => false;
            public override async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken token)
            {
                await Inner.ReadAsync(offset, buffer, token);
                for (var i = 0; i < buffer.Length; i++)
                {
                    buffer.Span[i] ^= (byte)options.Bits;
                }
            }
        }

        """;
}
