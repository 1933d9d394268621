using System.IO.Compression;
using Provost.Gradebooks.Oulad;

namespace Provost.Gradebooks.Input;

/// <summary>A zip with one export or with an OULAD folder. Sizes are counted while unpacking; what the zip claims about itself is not believed.</summary>
internal static class ZipFile
{
    private static readonly string[] TextEndings = [".csv", ".tsv", ".txt", ".xls"];

    public static async Task<IReadOnlyList<Gradebook>> ReadAsync(
        Stream stream, string fileName, ReadLimits limits, IProgress<ReadProgress>? progress, CancellationToken cancellation)
    {
        await using var seekable = await SpoolAsync(stream, fileName, limits, cancellation);
        using var zip = new ZipArchive(seekable, ZipArchiveMode.Read, leaveOpen: true);
        if (zip.Entries.Count > limits.MaxZipEntries)
            throw new GradebookError($"\"{Path.GetFileName(fileName)}\" holds {zip.Entries.Count:N0} files", $"Pack only the export itself (at most {limits.MaxZipEntries:N0} files).");
        var entries = zip.Entries.Where(entry => entry.Name.Length > 0 && entry.Name[0] != '.' && !entry.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal)).ToList();
        if (FileSignature.RefuseZip([.. entries.Select(entry => entry.FullName)], fileName) is { } refusal)
            throw refusal;
        if (Find(entries, "studentAssessment.csv") is not null)
            return await OuladFormat.ReadAsync(new OuladSource(name => Find(entries, name) is { } entry ? Open(entry, limits) : null), limits, progress, cancellation);
        return await ReadOneAsync(entries, fileName, limits, progress, cancellation);
    }

    private static async Task<IReadOnlyList<Gradebook>> ReadOneAsync(
        List<ZipArchiveEntry> entries, string fileName, ReadLimits limits, IProgress<ReadProgress>? progress, CancellationToken cancellation)
    {
        var tables = entries.FindAll(entry => TextEndings.Contains(Path.GetExtension(entry.Name).ToLowerInvariant()));
        if (tables.Count != 1)
            throw new GradebookError($"\"{Path.GetFileName(fileName)}\" holds {(tables.Count == 0 ? "no" : tables.Count.ToString("N0", System.Globalization.CultureInfo.InvariantCulture))} CSV files",
                "Pack exactly one gradebook export, or an OULAD folder, or import the CSV file itself.");
        await using var content = Open(tables[0], limits);
        var (head, rest) = await PeekedStream.PeekAsync(content, 4096, cancellation);
        if (FileSignature.IsZip(head))
            throw new GradebookError($"\"{tables[0].FullName}\" is a zip inside a zip", "Unpack it and import the CSV file itself.");
        FileSignature.RefuseWhatIsNotText(head, tables[0].Name);
        return [FormatDetection.Read(await TableReader.ReadAsync(rest, tables[0].Name, limits, progress, cancellation))];
    }

    private static ZipArchiveEntry? Find(List<ZipArchiveEntry> entries, string name) =>
        entries.Find(entry => entry.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static BoundedStream Open(ZipArchiveEntry entry, ReadLimits limits) =>
        new(entry.Open(), Math.Max(1L << 20, Math.Min(limits.MaxBytes, entry.CompressedLength * limits.MaxZipRatio)), () => new GradebookError(
            $"\"{entry.FullName}\" unpacks to more than {limits.MaxZipRatio} times its packed size, or more than {limits.MaxBytes >> 20:N0} MiB",
            "No gradebook does that: the zip is damaged or made to harm. Import the CSV file itself."));

    // The index of a zip is at its end. The copy has no name in the file system that outlives the process.
    private static async Task<Stream> SpoolAsync(Stream stream, string fileName, ReadLimits limits, CancellationToken cancellation)
    {
        var copy = new FileStream(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16,
            FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        try
        {
            await using var bounded = new BoundedStream(stream, limits.MaxBytes, () => new GradebookError(
                $"\"{Path.GetFileName(fileName)}\" is larger than {limits.MaxBytes >> 20:N0} MiB", "Pack only the tables that are needed."), leaveOpen: true);
            await bounded.CopyToAsync(copy, cancellation);
            copy.Position = 0;
            return copy;
        }
        catch
        {
            await copy.DisposeAsync();
            throw;
        }
    }
}
