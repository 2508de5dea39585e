using System.Text;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>A small disk whose content is written on the command line.</summary>
public sealed class DataPlugin : Plugin<DataOptions>
{
    /// <inheritdoc/>
    public override string Name => "data";

    /// <inheritdoc/>
    public override string Summary => "Small disk written on the command line";

    /// <inheritdoc/>
    public override DiskOperations Operations => StoreDisk.Operations;

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> Facts => [new("data_base64", "yes"), .. StoreFacts.All];

    /// <inheritdoc/>
    protected override ValueTask<DiskSource> CreateAsync(
        DataOptions options, ComponentContext context, CancellationToken cancellationToken)
    {
        var variables = new DataVariables(options.Variables);
        DiskSource source;
        try
        {
            var content = Content(options, variables);
            source = new StoreSource(Fill(content, options.Size?.Value ?? content.Length, Allocator.Parse(options.Allocator)));
        }
        catch (DataException e)
        {
            throw new ParameterException(e.Message);
        }

        // nbdkit takes any key here, and so do we; but it may be a mistyped one.
        foreach (var unused in variables.Unused)
        {
            context.Logger.UnusedVariable(unused);
        }

        return new(source);
    }

    private static DataPiece Content(DataOptions options, DataVariables variables)
        => options switch
        {
            { Data: { } text, Base64: null, Raw: null } => DataParser.Parse(text, variables).Evaluate(options.Size?.Value ?? long.MaxValue),
            { Data: null, Base64: { } text, Raw: null } => new BytesPiece(FromBase64(text)),
            { Data: null, Base64: null, Raw: { } text } => new BytesPiece(Encoding.UTF8.GetBytes(text)),
            _ => throw new ParameterException("exactly one of the parameters data, base64 and raw is needed"),
        };

    private static byte[] FromBase64(string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            throw new ParameterException($"base64={text}: this is not base64, which is groups of four of A-Z a-z 0-9 + / with = at the end");
        }
    }

    private static ByteStore Fill(DataPiece content, long size, Allocator allocator)
    {
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (Math.Min(content.Cost, size) > available)
        {
            throw new ParameterException($"the content takes {Math.Min(content.Cost, size)} bytes of memory, and there are {available}");
        }

        var store = allocator.Create(size);
        try
        {
            content.Render(new StoreTarget(store), 0, 0, Math.Min(size, content.Length));
            return store;
        }
        catch (NbdException e)
        {
            store.Dispose();
            throw new ParameterException(e.Message);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }
}
