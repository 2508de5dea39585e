using System.Reflection;

namespace SharpNbd.Abstractions.Tests;

/// <summary>A member that a filter base forgot would silently cut off what the inner disk or source does.</summary>
public sealed class ForwardingTests
{
    [Theory]
    [InlineData(typeof(Disk), typeof(DiskFilter))]
    [InlineData(typeof(DiskSource), typeof(SourceFilter))]
    public void AFilterBaseOverridesEveryVirtualMember(Type contract, Type filter)
    {
        const BindingFlags all = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        var virtualMethods = contract.GetMethods(all)
            .Where(method => method.IsVirtual && !method.IsFinal && method.DeclaringType == contract).ToArray();
        Assert.True(virtualMethods.Length > 5, "the search for virtual members finds too few");

        var forgotten = virtualMethods.Where(method => !filter.GetMethods(all)
            .Any(other => other.DeclaringType == filter && other.GetBaseDefinition() == method));
        Assert.Empty(forgotten.Select(method => method.Name));
    }
}
