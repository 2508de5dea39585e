namespace SharpNbd.Viewer;

/// <summary>
/// Copies of the player at places along the log, from which any moment is near. There are never more than a bounded number:
/// when it is reached every second one goes, and the next ones lie twice as far apart.
/// </summary>
internal sealed class Checkpoints
{
    /// <summary>What lies between two of them at first: a few hundredths of a second of playing.</summary>
    public const long FirstSpacing = 16 << 20;

    /// <summary>The memory that the pictures of one disk may take, roughly.</summary>
    private const int PictureBytes = 32 << 20;

    private const int BytesPerCell = 40;

    private readonly List<Player> _players = [];
    private long _spacing = FirstSpacing;

    /// <summary>Keeps a copy of a player that has come far enough.</summary>
    public void Add(Player head)
    {
        if (head.Position < (_players.Count == 0 ? 0 : _players[^1].Position) + _spacing)
        {
            return;
        }

        _players.Add(head.Clone());
        var most = Math.Clamp(PictureBytes / (BytesPerCell * Math.Max(1, head.Picture.Cells.Length)), 8, 64);
        if (_players.Count >= most)
        {
            // The copies that stay are those at whole multiples of the new spacing.
            for (var index = 0; index < _players.Count; index++)
            {
                _players.RemoveAt(index);
            }

            _spacing *= 2;
        }
    }

    /// <summary>A copy of the last player that is not past a moment; null where one has to begin at the start.</summary>
    public Player? BeforeTime(long time) => _players.FindLast(player => player.Time <= time)?.Clone();

    /// <summary>A copy of the last player that shows no more than so many beginnings and ends.</summary>
    public Player? BeforeMoment(long moments) => _players.FindLast(player => player.Moments <= moments)?.Clone();

    public void Clear()
    {
        _players.Clear();
        _spacing = FirstSpacing;
    }
}
