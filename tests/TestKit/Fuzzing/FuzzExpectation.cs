namespace SharpNbd.TestKit;

/// <summary>What has to come of a request.</summary>
/// <param name="Request">The request; a block status with a payload as if it had none.</param>
/// <param name="Errors">One of these, or none at all for success.</param>
/// <param name="Data">What a read gives, up to where it fails; null where that is not known.</param>
internal sealed record FuzzExpectation(FuzzRequest Request, HashSet<uint> Errors, byte[]? Data);
