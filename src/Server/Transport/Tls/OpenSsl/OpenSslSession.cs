using System.Runtime.InteropServices;

namespace SharpNbd.Server;

/// <summary>
/// A connection of OpenSSL (SSL). It may be used by one thread at a time, so each call is made under a lock; but none of them waits: bytes
/// that are not there yet are waited for outside of it.
/// </summary>
internal sealed unsafe class OpenSslSession : TlsSession
{
    private const int WantsToRead = 2;
    private const int WasClosed = 6;

    /// <summary>SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE of ERR_LIB_SSL.</summary>
    private const int NoCertificate = (20 << 23) | 199;

    private readonly Lock _lock = new();
    private readonly TlsWire _wire;
    private readonly GCHandle _self;
    private nint _connection;
    private bool _isReading;
    private Exception? _failure;

    private OpenSslSession(TlsContext context, TlsWire wire, PskUsers? users)
    {
        _wire = wire;
        Users = users;
        _connection = OpenSsl.NewConnection(context.Pointer);
        if (_connection == 0)
        {
            throw new IOException($"OpenSSL has no room for a connection: {OpenSslText.TakeError()}");
        }

        _self = GCHandle.Alloc(this);
        var bio = WireBio.Create(_self);
        OpenSsl.SetBio(_connection, bio, bio);
        _ = OpenSsl.SetData(_connection, OpenSsl.AppData, GCHandle.ToIntPtr(_self));
    }

    /// <summary>Who may come in with a key; null where certificates count.</summary>
    public PskUsers? Users { get; }

    /// <summary>What those who check the peer have found, for the log.</summary>
    public string? Problem { get; set; }

    /// <summary>Runs the server's side of the handshake.</summary>
    /// <exception cref="ProtocolViolationException">It failed. An alert for the peer waits in the wire.</exception>
    /// <exception cref="IOException">The peer is gone.</exception>
    public static OpenSslSession Accept(TlsContext context, TlsWire wire, PskUsers? users = null)
    {
        var session = new OpenSslSession(context, wire, users);
        try
        {
            session.ShakeHands();
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>The session of an SSL.</summary>
    public static OpenSslSession Of(nint connection) => (OpenSslSession)GCHandle.FromIntPtr(OpenSsl.GetData(connection, OpenSsl.AppData)).Target!;

    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            lock (_lock)
            {
                var count = Decrypt(buffer);
                if (count >= 0)
                {
                    return count;
                }
            }

            if (!_wire.Wait())
            {
                return 0;
            }
        }
    }

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            OpenSsl.ClearErrors();
            fixed (byte* start = bytes)
            {
                if (OpenSsl.Write(Connection(), start, bytes.Length) != bytes.Length)
                {
                    throw Broken();
                }
            }
        }
    }

    public override void Close()
    {
        lock (_lock)
        {
            OpenSsl.ClearErrors();
            if (OpenSsl.ShutDown(Connection()) < 0)
            {
                throw Broken();
            }
        }
    }

    public override void Dispose()
    {
        lock (_lock)
        {
            if (_connection != 0)
            {
                OpenSsl.FreeConnection(_connection);
                _connection = 0;
                _self.Free();
            }
        }
    }

    /// <summary>Gives OpenSSL what has arrived; 0 where nothing has.</summary>
    internal int Take(Span<byte> buffer) => _isReading ? _wire.ReadArrived(buffer) : 0;

    /// <summary>Takes what OpenSSL wants to be sent; false where that is not possible any more.</summary>
    internal bool TryPut(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _wire.Write(bytes, isAnswer: _isReading);
            return true;
        }
        catch (Exception e)
        {
            // Through OpenSSL no exception may go.
            _failure = e;
            return false;
        }
    }

    private void ShakeHands()
    {
        while (true)
        {
            lock (_lock)
            {
                OpenSsl.ClearErrors();
                _isReading = true;
                var result = OpenSsl.Accept(Connection());
                _isReading = false;
                if (result == 1)
                {
                    Description = $"{OpenSslText.Of(OpenSsl.VersionOf(_connection))} {OpenSslText.Of(OpenSsl.NameOfSuite(OpenSsl.SuiteOf(_connection)))}";
                    return;
                }

                if (OpenSsl.ErrorOf(_connection, result) != WantsToRead)
                {
                    throw _failure is IOException gone ? gone : new ProtocolViolationException($"the TLS handshake failed: {WhyItFailed()}");
                }
            }

            _wire.Send(wait: true);
            if (!_wire.Wait())
            {
                throw new IOException("the peer left during the TLS handshake");
            }
        }
    }

    /// <summary>Decrypts what there is; -1 where there is too little.</summary>
    private int Decrypt(Span<byte> buffer)
    {
        OpenSsl.ClearErrors();
        _isReading = true;
        int count;
        fixed (byte* start = buffer)
        {
            count = OpenSsl.Read(Connection(), start, buffer.Length);
        }

        _isReading = false;
        return count > 0 ? count : OpenSsl.ErrorOf(_connection, count) switch
        {
            WantsToRead => -1,
            WasClosed => 0,
            _ => throw Broken(),
        };
    }

    private nint Connection() => _connection != 0 ? _connection : throw new IOException("the TLS session is closed");

    private string WhyItFailed()
    {
        var isBare = (int)OpenSsl.LastError() == NoCertificate;
        var error = OpenSslText.TakeError();
        return Problem ?? (isBare ? "the client showed no certificate" : error);
    }

    private IOException Broken() => new($"the TLS session is broken: {_failure?.Message ?? OpenSslText.TakeError()}", _failure);
}
