namespace SharpNbd.Plugins.Tests;

public sealed class NbdSharedContractTests : NbdContract
{
    protected override string[] Parameters => ["shared=true"];
}
