namespace SharpNbd.Plugins.Tests;

public sealed class NbdRetryContractTests : NbdContract
{
    protected override string[] Parameters => ["retry=3"];
}
