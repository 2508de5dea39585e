using SharpNbd.Abstractions;

namespace SharpNbd.Scripting;

/// <summary>A disk that is a file of C#, compiled when the server starts.</summary>
public sealed class CsxPlugin : Plugin<CsxOptions>
{
    /// <inheritdoc/>
    public override string Name => "csx";

    /// <inheritdoc/>
    public override string Summary => "Disk written as a script in C#";

    /// <inheritdoc/>
    public override DiskOperations Operations => DiskOperations.Write | DiskOperations.Flush | DiskOperations.Trim | DiskOperations.Zero
        | DiskOperations.Cache | DiskOperations.Extents | DiskOperations.MultiConn | DiskOperations.ListExports;

    /// <inheritdoc/>
    protected override async ValueTask<DiskSource> CreateAsync(CsxOptions options, ComponentContext context, CancellationToken cancellationToken)
        => new CsxSource(options, context, await ScriptVersion.CreateAsync(ScriptFiles.Read(options.Script.Value), options.Others, context, cancellationToken));
}
