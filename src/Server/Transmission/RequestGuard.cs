using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>
/// Checks a request against the export before anything else sees it ("Error values", "Request types"). Everything behind
/// relies on it: ranges lie inside the disk, and only what was advertised is asked for.
/// </summary>
internal sealed class RequestGuard(ExportFacts export, HeaderForm headers, bool hasAllocation)
{
    private readonly CommandFlags _ofWrites = headers == HeaderForm.Extended ? CommandFlags.PayloadLen : CommandFlags.None;
    private readonly CommandFlags _everywhere = (export.Flags & TransmissionFlags.SendFua) != 0 ? CommandFlags.Fua : CommandFlags.None;
    private readonly ulong _size = (ulong)export.Size;
    private readonly ulong _longest = Math.Min((ulong)export.BlockSize.Maximum, Limits.MaximumPayload);
    private readonly ulong _alignment = (ulong)export.BlockSize.Minimum - 1;

    /// <summary>What is wrong with a request, or <see cref="NbdError.None"/>.</summary>
    public NbdError Check(in RequestHeader request, out string problem)
    {
        problem = "";
        if ((request.Flags & CommandFlags.PayloadLen) != 0 && request.Command != Command.Write)
        {
            problem = request.Command == Command.BlockStatus
                ? "a payload that does not name the meta contexts of this connection, each once"
                : "a payload or its flag, which this command does not have";
            return NbdError.EINVAL;
        }

        return request.Command switch
        {
            Command.Read => CheckRange(request, NbdError.EINVAL, ref problem)
                ?? CheckFlags(request, CommandFlags.Df, ref problem)
                ?? CheckLength(request, ref problem),
            Command.Write => CheckRange(request, NbdError.ENOSPC, ref problem)
                ?? CheckFlags(request, _ofWrites, ref problem)
                ?? CheckLength(request, ref problem)
                ?? CheckWritable(ref problem),
            Command.Trim => CheckRange(request, NbdError.EINVAL, ref problem)
                ?? CheckFlags(request, CommandFlags.None, ref problem)
                ?? CheckWritable(ref problem)
                ?? CheckOffered(TransmissionFlags.SendTrim, ref problem),
            Command.WriteZeroes => CheckRange(request, NbdError.ENOSPC, ref problem)
                ?? CheckFlags(request, CommandFlags.NoHole | CommandFlags.FastZero, ref problem)
                ?? CheckWritable(ref problem)
                ?? CheckOffered(TransmissionFlags.SendWriteZeroes, ref problem),
            Command.Cache => CheckRange(request, NbdError.EINVAL, ref problem)
                ?? CheckFlags(request, CommandFlags.None, ref problem)
                ?? CheckOffered(TransmissionFlags.SendCache, ref problem),
            Command.BlockStatus => CheckRange(request, NbdError.EINVAL, ref problem)
                ?? CheckFlags(request, CommandFlags.ReqOne, ref problem)
                ?? CheckContext(ref problem),
            Command.Flush => CheckFlush(request, ref problem)
                ?? CheckFlags(request, CommandFlags.None, ref problem)
                ?? CheckOffered(TransmissionFlags.SendFlush, ref problem),
            _ => Refuse(NbdError.EINVAL, $"unknown command {(ushort)request.Command}", ref problem),
        } ?? NbdError.None;
    }

    /// <summary>Reads the payload of a block status request: whether it names the contexts of this connection, and for how long a range.</summary>
    public bool TryGetContexts(ReadOnlySpan<byte> payload, out ulong length)
    {
        length = 0;
        return hasAllocation && BlockStatusPayload.TryParse(payload, MetaContextOption.AllocationId, out length);
    }

    private static NbdError? Refuse(NbdError error, string why, ref string problem)
    {
        problem = why;
        return error;
    }

    private NbdError? CheckRange(in RequestHeader request, NbdError beyond, ref string problem)
    {
        if (request.Length == 0)
        {
            return Refuse(beyond, "a length of zero", ref problem);
        }

        if (request.Offset > _size || request.Length > _size - request.Offset)
        {
            return Refuse(
                beyond, $"offset {request.Offset} and length {request.Length} reach beyond the end of the disk at {_size}", ref problem);
        }

        return ((request.Offset | request.Length) & _alignment) == 0
            ? null
            : Refuse(NbdError.EINVAL, $"offset or length is not a multiple of the minimum block size {_alignment + 1}", ref problem);
    }

    private NbdError? CheckFlags(in RequestHeader request, CommandFlags own, ref string problem)
    {
        var wrong = request.Flags & ~(own | _everywhere);
        if (wrong != 0)
        {
            return Refuse(NbdError.EINVAL, $"flags 0x{(ushort)wrong:x} that this command or export does not have", ref problem);
        }

        if ((request.Flags & CommandFlags.Df) != 0 && headers == HeaderForm.Simple)
        {
            return Refuse(NbdError.EINVAL, "the DF flag without structured replies", ref problem);
        }

        return (request.Flags & CommandFlags.FastZero) != 0 && (export.Flags & TransmissionFlags.SendFastZero) == 0
            ? Refuse(NbdError.EINVAL, "the FAST_ZERO flag, which this export does not have", ref problem)
            : null;
    }

    private NbdError? CheckLength(in RequestHeader request, ref string problem)
        => request.Length <= _longest ? null
            : request.Length > Limits.MaximumPayload
                ? Refuse(NbdError.ENOMEM, $"a payload of {request.Length} bytes, at most {Limits.MaximumPayload} are served", ref problem)
            : Refuse(NbdError.EINVAL, $"a payload of {request.Length} bytes, at most {_longest} are the export's maximum block size", ref problem);

    private NbdError? CheckWritable(ref string problem)
        => (export.Flags & TransmissionFlags.ReadOnly) == 0 ? null : Refuse(NbdError.EPERM, "the export is read-only", ref problem);

    private NbdError? CheckOffered(TransmissionFlags flag, ref string problem)
        => (export.Flags & flag) != 0 ? null : Refuse(NbdError.EINVAL, "a command that this export does not have", ref problem);

    private NbdError? CheckContext(ref string problem)
        => hasAllocation ? null : Refuse(NbdError.EINVAL, "block status without a negotiated meta context", ref problem);

    private static NbdError? CheckFlush(in RequestHeader request, ref string problem)
        => request is { Offset: 0, Length: 0 } ? null : Refuse(NbdError.EINVAL, "a flush with an offset or length", ref problem);
}
