using System.Runtime.InteropServices;

namespace Provost.Runbooks.Tools;

/// <summary>Files that only this user may read, written whole or not at all.</summary>
public static class PrivateFiles
{
    public const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    public const UnixFileMode DirectoryMode = FileMode | UnixFileMode.UserExecute;

    public static void CreateDirectory(string path)
    {
        Directory.CreateDirectory(path, DirectoryMode);
        File.SetUnixFileMode(path, DirectoryMode);
    }

    /// <summary>Temporary file, flush to the disk, rename: a reader sees the old content or the new, also after a power cut.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var temporary = $"{path}.{Environment.ProcessId}.new";
        using (var file = new FileStream(temporary, new FileStreamOptions { Mode = System.IO.FileMode.Create, Access = FileAccess.Write, UnixCreateMode = FileMode }))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
        FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Many files at once reach the disk sooner together than one by one.</summary>
    public static void FlushFileSystem(string path)
    {
        var descriptor = Native.Open(path, Native.OpenCloseOnExec, 0);
        var flushed = descriptor >= 0 && Native.SyncFileSystem(descriptor) == 0;
        _ = Native.Close(descriptor);
        if (!flushed)
        {
            throw new OperationError(ErrorKind.Machine, $"{path} did not reach its disk: {Marshal.GetLastPInvokeErrorMessage()}", "check the disk; dmesg shows what it said");
        }
    }

    /// <summary>The rename itself must reach the disk too, and .NET opens no directories.</summary>
    public static void FlushDirectory(string path)
    {
        var descriptor = Native.Open(path, Native.OpenCloseOnExec, 0);
        if (descriptor >= 0)
        {
            _ = Native.Fsync(descriptor);
            _ = Native.Close(descriptor);
        }
    }
}
