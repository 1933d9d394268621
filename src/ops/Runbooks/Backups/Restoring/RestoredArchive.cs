using System.Formats.Tar;
using System.Text.Json;
using System.Text.Json.Serialization;
using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Backups.Restoring;

/// <summary>A restored folder as a tar archive on a stream: out of a container, to where its user may write nothing.</summary>
public static class RestoredArchive
{
    // The last entry: without it the archive is not whole.
    private const string Report = ".restored.json";

    /// <summary>Where it is restored before it is sent.</summary>
    public static string FolderOf(BackupSite site) => Path.Combine(site.WorkDirectory, "restored");

    /// <summary>Restores, sends what was restored, and removes it.</summary>
    public static async Task RunAsync(RestoreRunbook runbook, RestoreRequest request, OpenedRepositories repositories, Stream archive, CancellationToken cancellation)
    {
        ScratchRestore.Remove(request.Into!);
        try
        {
            await WriteAsync(await runbook.RunAsync(repositories, cancellation), archive, cancellation);
        }
        finally
        {
            ScratchRestore.Remove(request.Into!);
        }
    }

    public static async Task WriteAsync(RestoredBackup restored, Stream archive, CancellationToken cancellation)
    {
        await using var tar = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true);
        foreach (var path in Below(new DirectoryInfo(restored.Folder)))
        {
            await tar.WriteEntryAsync(path, Path.GetRelativePath(restored.Folder, path), cancellation);
        }
        using var report = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(restored, RestoredJson.Default.RestoredBackup));
        await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, Report) { DataStream = report }, cancellation);
    }

    /// <param name="into">A folder that is not there yet.</param>
    /// <returns>What was restored, as it lies now.</returns>
    public static async Task<RestoredBackup> ExtractAsync(Stream archive, string into, CancellationToken cancellation)
    {
        PrivateFiles.CreateDirectory(into);
        try
        {
            return await ReadAsync(archive, into, cancellation);
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException)
        {
            throw Broken(e.Message);
        }
    }

    private static async Task<RestoredBackup> ReadAsync(Stream archive, string into, CancellationToken cancellation)
    {
        await using var tar = new TarReader(archive, leaveOpen: true);
        List<(string Path, string Target)> links = [];
        while (await tar.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
        {
            var name = entry.Name.TrimEnd('/');
            if (name == Report)
            {
                links.ForEach(link => File.CreateSymbolicLink(link.Path, link.Target));
                return Moved(await JsonSerializer.DeserializeAsync(entry.DataStream!, RestoredJson.Default.RestoredBackup, cancellation), into);
            }
            var path = Path.Combine(into, BackupReader.IsInside(name) ? name : throw Broken($"it names a file outside: {name}"));
            switch (entry.EntryType)
            {
                case TarEntryType.Directory:
                    PrivateFiles.CreateDirectory(path);
                    break;
                case TarEntryType.SymbolicLink:
                    links.Add((path, entry.LinkName));
                    break;
                default:
                    await ExtractAsync(entry, path, cancellation);
                    break;
            }
        }
        throw Broken("it ends too early");
    }

    // Not what lies behind a link: ClickHouse links its tables by name.
    private static IEnumerable<string> Below(DirectoryInfo folder) => folder.EnumerateFileSystemInfos().OrderBy(f => f.Name, StringComparer.Ordinal)
        .SelectMany(file => file is DirectoryInfo { LinkTarget: null } inner ? Below(inner).Prepend(inner.FullName) : [file.FullName]);

    private static async Task ExtractAsync(TarEntry entry, string path, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, PrivateFiles.DirectoryMode);
        await using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = PrivateFiles.FileMode });
        await (entry.DataStream ?? Stream.Null).CopyToAsync(file, cancellation);
    }

    private static RestoredBackup Moved(RestoredBackup? restored, string into) => restored is null ? throw Broken("it says nothing about itself")
        : restored with { Folder = into, StateDirectory = Path.Combine(into, Path.GetRelativePath(restored.Folder, restored.StateDirectory)) };

    private static OperationError Broken(string how) => new(ErrorKind.Failed, $"the restored folder did not arrive: {how}", "run the restore again; provost logs backup shows why it ended");
}

[JsonSerializable(typeof(RestoredBackup))]
internal sealed partial class RestoredJson : JsonSerializerContext;
