using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>Every parameter of the command line, given to the component that takes it.</summary>
/// <param name="Plugin">The plugin's, in the order of the command line.</param>
/// <param name="Filters">The filters', in the order of the filters.</param>
/// <param name="Errors">Parameters that nobody takes, a line each.</param>
internal sealed record RoutedParameters(
    IReadOnlyList<ParameterValue> Plugin, IReadOnlyList<IReadOnlyList<ParameterValue>> Filters, IReadOnlyList<string> Errors);
