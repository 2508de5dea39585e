namespace SharpNbd.Plugins;

/// <summary>Is told while the bytes of an answer come in.</summary>
internal interface IArrival
{
    /// <summary>So many bytes from the beginning are there, and are right.</summary>
    void Arrived(int count);
}
