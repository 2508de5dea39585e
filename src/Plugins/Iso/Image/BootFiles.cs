using System.Buffers.Binary;
using System.Text;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>The boot images and their catalog among the files of an image (El Torito).</summary>
internal sealed class BootFiles
{
    private const int InfoTableStart = 8;
    private const int InfoTableEnd = 64;

    private readonly List<(BootImage Image, IsoNode Node)> _images;
    private readonly SourceFiles _files;
    private readonly IsoNode _catalog;

    /// <summary>Finds the images, and puts the catalog into the tree.</summary>
    /// <exception cref="ParameterException">An image is not there, or not of its medium's size.</exception>
    public BootFiles(IsoSettings settings, IsoNode root, SourceFiles files)
    {
        _files = files;
        _images = [.. settings.BootImages.Select(image => (image, Find(root, image)))];
        if (_images.Count > BootCatalog.MostImages)
        {
            throw new ParameterException($"params: {_images.Count} boot images are asked for; a catalog has room for {BootCatalog.MostImages}");
        }

        var path = settings.BootCatalog.TrimEnd('/');
        var slash = path.LastIndexOf('/');
        var directory = root.FindPath(slash < 0 ? "" : path[..slash]);
        if (directory is not { IsDirectory: true } || path.Length == slash + 1)
        {
            throw new ParameterException($"params: -c {settings.BootCatalog}: a file's name is needed, in a directory of the image");
        }

        _catalog = new IsoNode
        {
            Name = Encoding.UTF8.GetBytes(path[(slash + 1)..]),
            Mode = 0x8124,
            Time = _images[0].Node.Time,
            Content = new byte[IsoField.Block],
            Size = IsoField.Block,
        };
        directory.Add(_catalog);
    }

    /// <summary>The block where the catalog lies.</summary>
    public uint Catalog => _catalog.Location;

    /// <summary>The block of the image that a disk starts: the first one for a BIOS.</summary>
    public uint FirstImage => ContentOf(_images.Find(each => each.Image.Platform == BootImage.Bios).Node ?? _images[0].Node).Location;

    /// <summary>Writes what depends on places, when everything has its own.</summary>
    /// <exception cref="ParameterException">An image cannot be read.</exception>
    public void Write()
    {
        BootCatalog.Write(_catalog.Content, _images);
        foreach (var (_, node) in _images.Where(each => each.Image.HasInfoTable))
        {
            WriteInfoTable(ContentOf(node));
        }
    }

    private static IsoNode ContentOf(IsoNode node) => node.Original ?? node;

    private static IsoNode Find(IsoNode root, BootImage image)
    {
        if (root.FindPath(image.Path) is not { IsRegular: true, Size: > 0 } node)
        {
            throw new ParameterException($"params: the boot image {image.Path} is not a file in the image; its path begins at the root of the image");
        }

        if (BootCatalog.MediumOf(image, node.Size) is null)
        {
            throw new ParameterException(
                $"params: the boot image {image.Path} has {node.Size} bytes, which is no floppy disk of 1200, 1440 or 2880 KiB; "
                + "-no-emul-boot or -hard-disk-boot is needed for others");
        }

        return image.HasInfoTable && node.Size < InfoTableEnd
            ? throw new ParameterException($"params: -boot-info-table: the boot image {image.Path} is too short for it")
            : node;
    }

    /// <summary>
    /// The table that -boot-info-table puts into bytes 8 to 63 of an image, as mkisofs documents it: where the primary volume
    /// descriptor and the image lie, the image's length, and the sum of its words behind the table.
    /// </summary>
    private void WriteInfoTable(IsoNode node)
    {
        var content = Read(node);
        var words = new byte[(content.Length + 3) / 4 * 4];
        content.CopyTo(words, 0);
        uint sum = 0;
        for (var at = InfoTableEnd; at < words.Length; at += 4)
        {
            sum += BinaryPrimitives.ReadUInt32LittleEndian(words.AsSpan(at));
        }

        var head = content[..InfoTableEnd];
        var table = head.AsSpan(InfoTableStart);
        table.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(table, IsoImage.FirstDescriptor);
        BinaryPrimitives.WriteUInt32LittleEndian(table[4..], node.Location);
        BinaryPrimitives.WriteUInt32LittleEndian(table[8..], (uint)content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(table[12..], sum);
        node.Content = head;
    }

    private byte[] Read(IsoNode node)
    {
        const int Longest = 64 << 20;
        var name = _files.DisplayNameOf(node.File);
        if (node.Size > Longest)
        {
            throw new ParameterException($"params: -boot-info-table: {name} is longer than 64 MiB");
        }

        try
        {
            var file = OpenedFile.Open(node.File, _files.PathOf(node.File));
            try
            {
                var content = new byte[node.Size];
                return file.Read(0, content) == content.Length && file.ChangeSince(_files.IdentityOf(node.File)) is null
                    ? content
                    : throw new ParameterException($"params: the boot image {name} changes while it is read");
            }
            finally
            {
                file.Leave();
            }
        }
        catch (IOException e)
        {
            throw new ParameterException($"params: the boot image {name} cannot be read: {e.Message}");
        }
    }
}
