namespace SharpNbd.Plugins;

/// <summary>Whether the image has names, modes, owners, links and times of POSIX.</summary>
internal enum RockRidge
{
    None,

    /// <summary>As they are (<c>-R</c>).</summary>
    AsTheyAre,

    /// <summary>Owned by root, readable for everybody, writable for nobody (<c>-r</c>).</summary>
    Rational,
}
