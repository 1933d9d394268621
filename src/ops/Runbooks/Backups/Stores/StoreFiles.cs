using Provost.Runbooks.Backups.Repositories;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Backups.Stores;

/// <summary>Files of a cut as a data directory that a server starts from.</summary>
internal static class StoreFiles
{
    private const string AppendOnly = "appendonlydir";
    private const string Base = "appendonly.aof.1.base.rdb";
    private const string Increment = "appendonly.aof.1.incr.aof";
    private const string Manifest = "appendonly.aof.manifest";

    /// <param name="cut">Files of the cut; they stay as they are.</param>
    /// <param name="data">Data directory; empty.</param>
    public static void Arrange(RedisKind kind, string cut, string data)
    {
        PrivateFiles.CreateDirectory(data);
        switch (kind)
        {
            case RedisKind.Rdb:
                // A server with its append-only file on ignores a snapshot: as the base of that file it is read.
                var folder = Path.Combine(data, AppendOnly);
                PrivateFiles.CreateDirectory(folder);
                Copy(Path.Combine(cut, RdbCut.File), Path.Combine(folder, Base));
                PrivateFiles.Write(Path.Combine(folder, Increment), []);
                PrivateFiles.Write(Path.Combine(folder, Manifest), System.Text.Encoding.ASCII.GetBytes($"file {Base} seq 1 type b\nfile {Increment} seq 1 type i\n"));
                break;
            case RedisKind.Aof:
                CopyAll(cut, Path.Combine(data, AppendOnly));
                break;
            default:
                CopyAll(cut, Path.Combine(data, GarnetCut.Store));
                break;
        }
    }

    private static void CopyAll(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
        }
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!, PrivateFiles.DirectoryMode);
        File.Copy(from, to);
    }
}
