using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

/// <summary>The language of the data parameter, expression by expression.</summary>
public sealed class DataExpressionTests : IDisposable
{
    private static readonly string[] Variables =
        ["v=7 8", @"s=\s", "rec=1 $rec", "bad=1 q", @"useA=\a", "g=@2 9", "m=1", "my_key=3", "e=", "unb=(1", "str=\"x\"", "off=@5", "cm=1 # foo"];

    private readonly string _file = Path.GetTempFileName();

    public DataExpressionTests()
    {
        File.WriteAllText(_file, "file!");
        Environment.SetEnvironmentVariable("w", "9 10");
    }

    public static TheoryData<string, string> SameInNbdkit => DataExpressions.SameInNbdkit;

    /// <summary>What nbdkit 1.32.5 refuses or takes for ever for.</summary>
    public static TheoryData<string, string> OnlyHere => new()
    {
        { "le16:1*2", "01000100" },
        { "le16:0x1234[1:]", "12" },
        { "(be16:1)", "0001" },
        { "le16:1\"a\"", "010061" },
        { "(1 2 3)[ 1 : 2 ]", "02" },
        { "1 @^3 2", "01000002" },
        { "@ 2", "0000" },
        { "1 @^1s 2", "01" + new string('0', 1022) + "02" },
        { "\"\\0\\1\\12\\1234\"", "00010a5334" },
        { "<(yes) -> \\y \\y[:3]", "790a79" },
        { "(1 <(yes))[:3]", "01790a" },
        { "(<(yes)*2)[:3]", "790a79" },
        { "1 -> \\a \\a -> \\b \\b\\a", "0101" },
    };

    [Theory]
    [MemberData(nameof(SameInNbdkit))]
    public Task GivesTheBytesThatNbdkitGives(string expression, string bytes) => CheckAsync(expression, bytes);

    [Theory]
    [MemberData(nameof(OnlyHere))]
    public Task GivesTheBytesThatAreExpected(string expression, string bytes) => CheckAsync(expression, bytes);

    [Theory]
    [InlineData("256", "at offset 0: a byte is 0 to 255")]
    [InlineData("1 0777", "at offset 2: a byte is 0 to 255")]
    [InlineData("99999999999999999999999999999999999999999999", "at offset 0: a byte is 0 to 255")]
    [InlineData("-1", "at offset 0: '-' is nothing that the data may hold")]
    [InlineData("0x1G", "at offset 3: 'G' is nothing")]
    [InlineData("1 😀", "at offset 2: '😀' is nothing")]
    [InlineData("0x", "at offset 2: a byte is needed here")]
    [InlineData("1,2", "at offset 1: ',' is nothing")]
    [InlineData("\"\\x4\"", "at offset 1: \\x is followed by exactly two")]
    [InlineData("\"\\777\"", "at offset 1: an octal byte is")]
    [InlineData("\"\\u0041\"", "at offset 1: write the character itself")]
    [InlineData("1 \"abc", "at offset 2: this string has no \"")]
    [InlineData("\"abc\\", "at offset 0: this string has no \"")]
    [InlineData("le16:65536", "at offset 0: a word of 16 bits is 0 to 65535")]
    [InlineData("be32:4294967296", "at offset 0: a word of 32 bits is 0 to 4294967295")]
    [InlineData("le64:18446744073709551616", "at offset 0: a word of 64 bits is 0 to 18446744073709551615")]
    [InlineData("be16:-1", "at offset 5: the number of the word is needed here")]
    [InlineData("le16", "at offset 0: a word is one of")]
    [InlineData("le8:1", "at offset 0: a word is one of")]
    [InlineData("1 @", "at offset 3: an offset is needed here")]
    [InlineData("1 @-2", "at offset 2: @-2 leads in front of the start: the offset is 1 here")]
    [InlineData("1 @^0", "at offset 2: an alignment is at least 1")]
    [InlineData("@9223372036854775808", "at offset 1: an offset is at most 2^63-1")]
    [InlineData("@8E", "at offset 1: an offset is at most 2^63-1")]
    [InlineData("@9223372036854775807 1", "at offset 21: the data is larger than 2^63-1 bytes")]
    [InlineData("(@5E)*2", "at offset 5: the data is larger than 2^63-1 bytes")]
    [InlineData("*3", "at offset 0: *N needs an expression in front of it")]
    [InlineData("@5*3", "at offset 2: *N cannot stand behind @OFFSET")]
    [InlineData("1*", "at offset 2: a number of times is needed here")]
    [InlineData("[1:2]", "at offset 0: [N:M] needs an expression")]
    [InlineData("(1 2 3)[1:9]", "at offset 7: the slice [1:9] does not lie within the 3 bytes in front of it")]
    [InlineData("(1 2 3)[2:1]", "at offset 7: the slice [2:1] does not lie within")]
    [InlineData("(1 2 3)[5:]", "at offset 7: the slice [5:] does not lie within")]
    [InlineData("1[5]", "at offset 1: a slice is [N:M], [:M] or [N:]")]
    [InlineData("1[:5", "at offset 1: a slice is [N:M], [:M] or [N:]")]
    [InlineData("1 -> a", "at offset 5: -> is followed by \\NAME")]
    [InlineData("1 -> \\", "at offset 5: a name is")]
    [InlineData("-> \\a", "at offset 0: -> needs an expression")]
    [InlineData("(1 -> \\a \\a) \\a", "at offset 13: \\a is not defined here")]
    [InlineData("(1", "at offset 0: this '(' has no ')'")]
    [InlineData("1)", "at offset 1: this ')' has no '('")]
    [InlineData("$nosuch", "at offset 0: there is neither a parameter nosuch= nor a variable nosuch in the environment")]
    [InlineData("${v}", "at offset 0: a variable is $ with")]
    [InlineData("1 $bad", "at offset 2 of $bad: 'q' is nothing")]
    [InlineData("$unb", "at offset 0 of $unb: this '(' has no ')'")]
    [InlineData("$rec", "at offset 2 of $rec: $rec contains itself")]
    [InlineData("<", "at offset 0: < is followed at once by the name of a file")]
    [InlineData("1 </nosuch/file", "at offset 2: ")]
    [InlineData("<(exit 3)", "at offset 0: the script ended with status 3")]
    [InlineData("<(printf x", "at offset 0: this script has no ')'")]
    [InlineData("1*1E", "the content takes 1152921504606846976 bytes of memory, and there are ")]
    public async Task SaysWhereAMistakeIsAndWhatIsAccepted(string expression, string message)
    {
        var error = await Assert.ThrowsAsync<ParameterException>(async () => await OpenAsync(expression));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task NestingThatIsTooDeepIsRefused()
    {
        var error = await Assert.ThrowsAsync<ParameterException>(
            async () => await OpenAsync(new string('(', 100_000) + new string(')', 100_000)));
        Assert.Contains("nested more than", error.Message, StringComparison.Ordinal);
        error = await Assert.ThrowsAsync<ParameterException>(
            async () => await OpenAsync("1 -> \\a " + string.Concat(Enumerable.Repeat("(\\a) -> \\a ", 100_000))));
        Assert.Contains("nested more than", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnExpressionThatIsUsedSeveralTimesIsFoundOnce()
    {
        await using var disk = await OpenAsync("</dev/urandom[:512] -> \\sector \\sector \\sector*2 (\\sector)");
        var content = await PluginRunner.ReadAllAsync(disk);
        Assert.Equal(4 * 512, content.Length);
        Assert.All(content.Chunk(512), sector => Assert.Equal(content[..512], sector));
        Assert.True(content.Distinct().Count() > 50, "that is not random");
    }

    [Fact]
    public async Task ABootSectorHasItsSignatureAtItsEnd()
    {
        await using var disk = await OpenAsync("0 1 2 3 @0x1fe 0x55 0xaa");
        Assert.Equal([0, 1, 2, 3, .. new byte[506], 0x55, 0xaa], await PluginRunner.ReadAllAsync(disk));
    }

    [Fact]
    public async Task HugeDisksOfLittleContentTakeLittle()
    {
        await using var zeroes = await OpenAsync("0*9223372036854775807");
        Assert.Equal(long.MaxValue, zeroes.Size);

        await using var disk = await OpenAsync("(@1T 1)*3");
        Assert.Equal((3L << 40) + 3, disk.Size);
        var extents = new ExtentList(new ByteRange(0, disk.Size));
        await disk.GetExtentsAsync(extents.Range, extents, CancellationToken.None);
        Assert.Equal([4096, 4096, 3], extents.Extents.ToArray().Where(extent => extent.Flags == ExtentFlags.Data).Select(extent => extent.Length));
        var last = new byte[2];
        await disk.ReadAsync(disk.Size - 2, last, CancellationToken.None);
        Assert.Equal([0, 1], last);
    }

    [Fact]
    public async Task LongRepeatsAndLargeFilesAreRight()
    {
        var content = new byte[200_001];
        new Random(1).NextBytes(content);
        File.WriteAllBytes(_file, content);
        await using var disk = await OpenAsync($"<{_file}*2 (1 2 3)*100000 (<{_file}[70000:] 5)[1:]");
        byte[] expected = [.. content, .. content, .. Enumerable.Repeat((byte[])[1, 2, 3], 100_000).SelectMany(bytes => bytes), .. content[70_001..], 5];
        Assert.Equal(expected, await PluginRunner.ReadAllAsync(disk));
    }

    public void Dispose() => File.Delete(_file);

    private static ValueTask<Disk> OpenAsync(string expression) => PluginRunner.OpenAsync(new DataPlugin(), [$"data={expression}", .. Variables]);

    private async Task CheckAsync(string expression, string bytes)
    {
        await using var disk = await OpenAsync(expression.Replace("{file}", _file, StringComparison.Ordinal));
        Assert.Equal(bytes, Convert.ToHexStringLower(await PluginRunner.ReadAllAsync(disk)));
    }
}
