using System.Formats.Tar;

namespace Provost.Runbooks.Images.Archives;

/// <summary>The same files with the same content, owners and modes; times become one given time, names of users go.</summary>
internal static class LayerRewriter
{
    public static async Task RewriteAsync(Stream layer, Stream output, long seconds, CancellationToken cancellation)
    {
        var tar = new TarOutput(output);
        await using var reader = new TarReader(layer, leaveOpen: true);
        while (await reader.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
        {
            if (entry.EntryType is TarEntryType.GlobalExtendedAttributes)
            {
                continue;
            }
            await tar.WriteAsync(
                new(entry.Name, (char)Type(entry.EntryType), (int)entry.Mode, entry.Uid, entry.Gid, seconds)
                {
                    Link = entry.LinkName ?? "",
                    Device = entry is PosixTarEntry posix ? (posix.DeviceMajor, posix.DeviceMinor) : default,
                    Attributes = Attributes(entry),
                },
                entry.DataStream,
                entry.DataStream is null ? 0 : entry.Length,
                cancellation);
        }
        await tar.EndAsync(cancellation);
    }

    private static TarEntryType Type(TarEntryType type) => type is TarEntryType.V7RegularFile ? TarEntryType.RegularFile : type;

    private static Dictionary<string, string> Attributes(TarEntry entry) => entry is not PaxTarEntry pax ? [] : pax.ExtendedAttributes
        .Where(pair => pair.Key.StartsWith("SCHILY.xattr.", StringComparison.Ordinal))
        .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
}
