using System.Runtime.InteropServices;

namespace Provost.Runbooks.Tools;

/// <summary>The number of a file beyond its name: a rotated log is another file under the same name.</summary>
internal static unsafe partial class FileIdentity
{
    private const int AtCurrentDirectory = -100;
    private const uint WantInode = 0x100;
    private const int InodeOffset = 32; // struct statx, the same on every architecture

    public static ulong? Of(string path)
    {
        var buffer = stackalloc byte[256];
        return Statx(AtCurrentDirectory, path, 0, WantInode, buffer) == 0 ? *(ulong*)(buffer + InodeOffset) : null;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, byte* buffer);
}
