namespace SharpNbd.TestKit;

/// <summary>
/// What the specification and docs/protocol.md say about a request, written down a second time and in no order: every error that applies
/// is allowed.
/// </summary>
/// <param name="world">What the client meets.</param>
/// <param name="form">What it has agreed on.</param>
/// <param name="hasAllocation">Whether that includes <c>base:allocation</c>.</param>
internal sealed class FuzzRules(FuzzWorld world, FuzzForm form, bool hasAllocation)
{
    private const ulong LongestServed = 64 << 20;
    private const ulong LongestSkipped = 128 << 20;

    /// <summary>The errors that a request may be refused with; none where it has to be done.</summary>
    public HashSet<uint> Refusals(FuzzRequest request)
    {
        var errors = new HashSet<uint>();
        var changes = request.Command is Wire.Write or Wire.Trim or Wire.WriteZeroes;
        if (request.Command > Wire.BlockStatus || request.Command == Wire.Disconnect)
        {
            return [Wire.Invalid];
        }

        if (request.Command == Wire.Flush)
        {
            AddIf(errors, request.Offset != 0 || request.Length != 0, Wire.Invalid);
        }
        else
        {
            var beyond = request.Command is Wire.Write or Wire.WriteZeroes ? Wire.NoSpace : Wire.Invalid;
            AddIf(errors, request.Length == 0 || request.Offset > (ulong)world.Size || request.Length > (ulong)world.Size - request.Offset, beyond);
            AddIf(errors, (request.Offset | request.Length) % (ulong)world.MinimumBlock != 0, Wire.Invalid);
        }

        AddIf(errors, (request.Flags & ~Allowed(request.Command)) != 0, Wire.Invalid);
        if (request.Command is Wire.Read or Wire.Write)
        {
            AddIf(errors, request.Length > LongestServed, Wire.NoMemory);
            AddIf(errors, request.Length > (ulong)world.MaximumPayload, request.Length > LongestServed ? Wire.NoMemory : Wire.Invalid);
        }

        AddIf(errors, changes && world.IsReadOnly, Wire.NotPermitted);
        AddIf(errors, world.IsPoor && (request.Command is Wire.Trim or Wire.WriteZeroes or Wire.Cache or Wire.Flush), Wire.Invalid);
        AddIf(errors, request.Command == Wire.BlockStatus && !hasAllocation, Wire.Invalid);
        return errors;
    }

    /// <summary>Whether the connection ends here because what follows cannot be told apart.</summary>
    public bool Ends(FuzzRequest request)
        => form == FuzzForm.Extended
            ? request.Payload > (ulong)world.MaximumPayload || (request.Command == Wire.Write && !request.Has(Wire.PayloadLen))
            : request.Payload > LongestSkipped;

    private static void AddIf(HashSet<uint> errors, bool applies, uint error)
    {
        if (applies)
        {
            errors.Add(error);
        }
    }

    private int Allowed(ushort command)
    {
        var isRich = !world.IsReadOnly && !world.IsPoor;
        return (isRich ? Wire.Fua : 0) | command switch
        {
            Wire.Read when form != FuzzForm.Simple => Wire.DontFragment,
            Wire.Write when form == FuzzForm.Extended => Wire.PayloadLen,
            Wire.WriteZeroes => Wire.NoHole | (isRich ? Wire.FastZero : 0),
            Wire.BlockStatus => Wire.ReqOne,
            _ => 0,
        };
    }
}
