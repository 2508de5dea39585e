using System.Runtime.InteropServices;

namespace SharpNbd.Plugins;

/// <summary>The kernel's <c>struct io_uring_params</c>, 120 bytes: what is asked for, and where in the mapped memory everything lies.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RingParameters
{
    public uint SubmissionEntries;
    public uint CompletionEntries;
    public uint Flags;
    public uint ThreadProcessor;
    public uint ThreadIdle;
    public uint Features;
    public uint WorkQueue;
    public uint Reserved0;
    public uint Reserved1;
    public uint Reserved2;
    public RingOffsets Submission;
    public RingOffsets Completion;

    /// <summary><c>struct io_sqring_offsets</c> and <c>struct io_cqring_offsets</c>, in bytes from the start of the mapping.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 40)]
    internal struct RingOffsets
    {
        [FieldOffset(0)]
        public uint Head;

        [FieldOffset(4)]
        public uint Tail;

        /// <summary>Of completions only: where they lie.</summary>
        [FieldOffset(20)]
        public uint Completions;

        /// <summary>Of submissions only: where the array of their indexes lies.</summary>
        [FieldOffset(24)]
        public uint Indexes;
    }
}
