using SharpNbd.Abstractions;

namespace SharpNbd.Abstractions.Tests;

public sealed class ErrorMappingTests
{
    [Theory]
    [InlineData(1, NbdError.EPERM)]
    [InlineData(5, NbdError.EIO)]
    [InlineData(12, NbdError.ENOMEM)]
    [InlineData(13, NbdError.EPERM)]
    [InlineData(22, NbdError.EINVAL)]
    [InlineData(27, NbdError.ENOSPC)]
    [InlineData(28, NbdError.ENOSPC)]
    [InlineData(30, NbdError.EPERM)]
    [InlineData(122, NbdError.ENOSPC)]
    [InlineData(2, NbdError.EIO)]
    [InlineData(0, NbdError.EIO)]
    public void An_io_exception_becomes_the_errno_it_carries(int errno, NbdError expected)
        => Assert.Equal(expected, ErrorMapping.FromException(new IOException("failed", errno)));

    [Theory]
    [InlineData(unchecked((int)0x80070070), NbdError.ENOSPC)]
    [InlineData(unchecked((int)0x80070005), NbdError.EPERM)]
    [InlineData(unchecked((int)0x80070008), NbdError.ENOMEM)]
    [InlineData(unchecked((int)0x80131620), NbdError.EIO)]
    public void An_io_exception_of_windows_is_understood(int result, NbdError expected)
        => Assert.Equal(expected, ErrorMapping.FromException(new IOException("failed", result)));

    [Fact]
    public void An_error_of_the_operating_system_is_understood()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "there is no /dev/full here");
        using var full = File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write);

        var failure = Record.Exception(() => RandomAccess.Write(full, "x"u8, 0));

        Assert.Equal(NbdError.ENOSPC, ErrorMapping.FromException(failure!));
    }

    [Fact]
    public void The_kind_of_the_exception_decides_where_it_carries_no_number()
    {
        Assert.Equal(NbdError.EPERM, ErrorMapping.FromException(new UnauthorizedAccessException()));
        Assert.Equal(NbdError.ENOMEM, ErrorMapping.FromException(new InsufficientMemoryException()));
        Assert.Equal(NbdError.ESHUTDOWN, ErrorMapping.FromException(new OperationCanceledException()));
        Assert.Equal(NbdError.EIO, ErrorMapping.FromException(new ArgumentException("a bug")));
        Assert.Equal(NbdError.EIO, ErrorMapping.FromException(new FileNotFoundException()));
    }

    [Fact]
    public void An_error_chosen_by_the_disk_is_kept_if_the_protocol_knows_it()
    {
        Assert.Equal(NbdError.ENOTSUP, ErrorMapping.FromException(new NbdException(NbdError.ENOTSUP, "not fast")));
        Assert.Equal(NbdError.EIO, ErrorMapping.FromException(new NbdException((NbdError)116, "stale")));
    }
}
