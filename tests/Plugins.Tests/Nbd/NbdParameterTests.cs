using SharpNbd.Abstractions;
using SharpNbd.Client;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class NbdParameterTests
{
    [Theory]
    [InlineData("the server is missing")]
    [InlineData("socket= and hostname= cannot be used together", "socket=/x", "hostname=y")]
    [InlineData("port= needs hostname= or vsock=", "socket=/x", "port=5")]
    [InlineData("arg= needs command=", "socket=/x", "arg=5")]
    [InlineData("dynamic-export= and export=", "socket=/x", "dynamic-export=1", "export=y")]
    [InlineData("dynamic-export= cannot be used with a shared connection", "socket=/x", "dynamic-export=1", "shared=1")]
    [InlineData("dynamic-export= cannot be used with a shared connection", "command=x", "dynamic-export=1")]
    [InlineData("socket-fd= is one connection", "socket-fd=5", "shared=false")]
    [InlineData("uri=http://x: 'http://x' is no NBD URI", "uri=http://x")]
    [InlineData("port=70000: a number from 1 to 65535", "hostname=x", "port=70000")]
    [InlineData("port=nosuchservice: a number from 1 to 65535 or the name of a service", "hostname=x", "port=nosuchservice")]
    [InlineData("tls=maybe: off, on or require is needed", "socket=/x", "tls=maybe")]
    [InlineData("socket-fd=-1: a descriptor is 0 or more", "socket-fd=-1")]
    [InlineData("cannot be the path of a Unix socket", "socket=/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789")]
    public async Task WhatDoesNotFitIsOneLine(string message, params string[] parameters)
    {
        var error = await Assert.ThrowsAsync<ParameterException>(async () => await PluginRunner.CreateAsync(new NbdPlugin(), parameters));

        Assert.Contains(message, Assert.Single(error.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(NbdTlsMode.Off)]
    [InlineData(NbdTlsMode.On, "tls-psk=/keys")]
    [InlineData(NbdTlsMode.On, "tls-verify=false")]
    [InlineData(NbdTlsMode.Off, "tls-psk=/keys", "tls=off")]
    [InlineData(NbdTlsMode.Require, "tls=require")]
    [InlineData(NbdTlsMode.On, "tls=1")]
    public void AnyTlsParameterMeansThatTlsIsTried(NbdTlsMode expected, params string[] parameters)
    {
        var options = new NbdPlugin().Parameters.Bind<NbdOptions>(
            [new ParameterValue("socket", "/x"), .. parameters.Select(word => new ParameterValue(word.Split('=')[0], word.Split('=')[1]))]);

        Assert.Equal(expected, UpstreamTls.Of(options, null).Mode);
        Assert.Equal(NbdTlsMode.Require, UpstreamTls.Of(options, NbdUri.Parse("nbds://host").Tls).Mode);
    }

    [Fact]
    public async Task TheServerNeedNotBeThereBeforeTheFirstClient()
    {
        await using var source = await PluginRunner.CreateAsync(new NbdPlugin(), "socket=/nowhere/socket");
        await source.ReadyAsync(source.ThreadModel, CancellationToken.None);
        await source.StartedAsync(CancellationToken.None);

        var error = await Assert.ThrowsAsync<NbdException>(async () => await source.OpenAsync(new OpenRequest(), CancellationToken.None));
        Assert.Contains("/nowhere/socket", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASharedConnectionIsMadeAtTheStart()
    {
        await using var source = await PluginRunner.CreateAsync(new NbdPlugin(), "socket=/nowhere/socket", "shared=true");

        var error = await Assert.ThrowsAsync<ParameterException>(async () => await source.StartedAsync(CancellationToken.None));
        Assert.Contains("/nowhere/socket", error.Message, StringComparison.Ordinal);
    }
}
