using System.Buffers.Binary;
using System.Collections.Frozen;

namespace SharpNbd.Server;

/// <summary>
/// The handshake ("Fixed newstyle negotiation"): greets, then answers one option after the other until the client has chosen an
/// export or leaves.
/// </summary>
internal sealed class Negotiator(WireInput input, GatherWriter output, NegotiationContext context, HandshakeDeadline deadline)
{
    private const int ClientFlagsSize = 4;

    private static readonly FrozenDictionary<OptionCode, IOptionHandler> Handlers = new Dictionary<OptionCode, IOptionHandler>
    {
        [OptionCode.ExportName] = new ExportNameOption(),
        [OptionCode.Abort] = new AbortOption(),
        [OptionCode.List] = new ListOption(),
        [OptionCode.Info] = new InfoOption(),
        [OptionCode.Go] = new InfoOption(),
        [OptionCode.StructuredReply] = new StructuredReplyOption(),
        [OptionCode.ListMetaContext] = new MetaContextOption(),
        [OptionCode.SetMetaContext] = new MetaContextOption(),
        [OptionCode.ExtendedHeaders] = new ExtendedHeadersOption(),
        [OptionCode.StartTls] = new StartTlsOption(),
    }.ToFrozenDictionary();

    /// <summary>Runs the handshake from the greeting on.</summary>
    /// <returns>What follows; before the transmission phase the state has the disk.</returns>
    /// <exception cref="ProtocolViolationException">The client broke the protocol or took too long.</exception>
    /// <exception cref="IOException">The client is gone.</exception>
    public NextStep Run()
    {
        new Greeting(context.Style.Flags).Write(output.GetSpan(Greeting.Size));
        output.Advance(Greeting.Size);
        if (!WaitFor(ClientFlagsSize))
        {
            return NextStep.Close;
        }

        TakeClientFlags();
        return TakeOptions();
    }

    /// <summary>Runs the handshake behind the greeting, as <see cref="Run"/>.</summary>
    public NextStep TakeOptions()
    {
        try
        {
            return TakeUntilLast();
        }
        catch (ProtocolViolationException)
        {
            // What came before it is answered, in however many pieces it came.
            TrySend();
            throw;
        }
    }

    private NextStep TakeUntilLast()
    {
        while (WaitFor(OptionHeader.Size))
        {
            var option = OptionHeader.Parse(input.Peek(OptionHeader.Size));
            input.Consume(OptionHeader.Size);
            context.Logger.Option(option.Option, option.Length);
            if (--context.State.OptionsLeft < 0)
            {
                throw new ProtocolViolationException("more options than a client has reason to send");
            }

            context.Option = option.Option;
            var next = Answer(option);
            if (next != NextStep.NextOption)
            {
                using (deadline.Waiting())
                {
                    Send();
                }

                return next;
            }
        }

        return NextStep.Close;
    }

    private void TakeClientFlags()
    {
        var flags = BinaryPrimitives.ReadUInt32BigEndian(input.Peek(ClientFlagsSize));
        input.Consume(ClientFlagsSize);
        if ((flags & ~(uint)context.Style.Flags) != 0)
        {
            throw new ProtocolViolationException($"client flags 0x{flags:x8}, of which only 0x{(uint)context.Style.Flags:x} were offered");
        }

        context.State.ClientFlags = (HandshakeFlags)flags;
    }

    private NextStep Answer(OptionHeader option)
    {
        var isFixed = (context.State.ClientFlags & HandshakeFlags.FixedNewstyle) != 0 || option.Option == OptionCode.ExportName;
        var isServed = Handlers.TryGetValue(option.Option, out var handler) && !context.Style.Refuses(option.Option);
        var isOpen = !context.NeedsTls || option.Option is OptionCode.StartTls or OptionCode.Abort;
        if (isFixed && isOpen && option.Length <= Limits.MaximumOptionData && isServed)
        {
            return WaitFor((int)option.Length) ? Handle(handler!, option) : NextStep.Close;
        }

        // What is refused is skipped, byte by byte, so that the stream stays in step.
        if (option.Length > Limits.MaximumSkippedOptionData || option.Option == OptionCode.ExportName)
        {
            throw new ProtocolViolationException(
                isOpen ? $"option {(uint)option.Option} with {option.Length} bytes of data" : $"{option.Option} without TLS");
        }

        if (!Skip(option.Length))
        {
            return NextStep.Close;
        }

        return !isFixed ? context.Refuse(OptionReplyCode.ErrInvalid, "the client did not offer fixed newstyle negotiation")
            : !isOpen ? context.Refuse(OptionReplyCode.ErrTlsReqd, "this server serves nothing without TLS; STARTTLS comes first")
            : isServed ? context.RefuseTooBig($"{option.Length} bytes of data, at most {Limits.MaximumOptionData} are read")
            : context.Refuse(OptionReplyCode.ErrUnsup, $"option {(uint)option.Option} is not supported");
    }

    private NextStep Handle(IOptionHandler handler, OptionHeader option)
    {
        context.IsFollowed = input.Has((int)option.Length + 1);
        var next = handler.Handle(context, input.Peek((int)option.Length));
        input.Consume((int)option.Length);
        return next;
    }

    private bool WaitFor(int count)
    {
        if (input.Has(count))
        {
            return true;
        }

        using (deadline.Waiting())
        {
            Send();
            return input.WaitFor(count) || deadline.Check();
        }
    }

    private bool Skip(uint count)
    {
        using (deadline.Waiting())
        {
            Send();
            return input.Skip(count) || deadline.Check();
        }
    }

    private void TrySend()
    {
        try
        {
            using (deadline.Waiting())
            {
                output.Flush(wait: true);
            }
        }
        catch (IOException)
        {
            // Nobody listens any more.
        }
    }

    // A client that reads no replies is waited for like one that says nothing.
    private void Send()
    {
        try
        {
            output.Flush(wait: true);
        }
        catch (IOException)
        {
            deadline.Check();
            throw;
        }
    }
}
