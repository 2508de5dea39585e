#!/usr/bin/sharpnbd csx
class Ram : ScriptDisk
{
    byte[] bytes = [];

    [Parameter("size", "Size of the disk, for example 1M.")]
    public required ByteSize Length { get; init { field = value; bytes = new byte[value.Value]; } }

    public override long Size => bytes.Length;
    public override void Read(long offset, Span<byte> buffer) => bytes.AsSpan((int)offset, buffer.Length).CopyTo(buffer);
    public override void Write(long offset, ReadOnlySpan<byte> data) => data.CopyTo(bytes.AsSpan((int)offset));
}
