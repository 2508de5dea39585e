namespace SharpNbd.Plugins.Tests;

public sealed class NbdContractTests : NbdContract
{
}
