/// <summary>The part of a request that lies in one chunk.</summary>
/// <param name="Chunk">The number of the chunk.</param>
/// <param name="Offset">Where in it.</param>
/// <param name="Length">How many bytes.</param>
internal readonly record struct ChunkPiece(long Chunk, int Offset, int Length);
