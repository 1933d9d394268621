using System.Runtime.InteropServices;

namespace Provost.Runbooks.Tools;

/// <summary>What .NET does not say of a file.</summary>
internal static unsafe partial class FileIdentity
{
    private const int AtCurrentDirectory = -100;
    private const uint WantInode = 0x100;
    private const uint WantOwner = 0x8 | 0x10;
    private const int UserOffset = 20; // struct statx, the same on every architecture
    private const int GroupOffset = 24;
    private const int InodeOffset = 32;

    /// <summary>User and group; null when there is no such file.</summary>
    public static (uint User, uint Group)? OwnerOf(string path)
    {
        var buffer = stackalloc byte[256];
        return Statx(AtCurrentDirectory, path, 0, WantOwner, buffer) == 0 ? (*(uint*)(buffer + UserOffset), *(uint*)(buffer + GroupOffset)) : null;
    }

    /// <summary>The number of a file beyond its name: a rotated log is another file under the same name.</summary>
    public static ulong? Of(string path)
    {
        var buffer = stackalloc byte[256];
        return Statx(AtCurrentDirectory, path, 0, WantInode, buffer) == 0 ? *(ulong*)(buffer + InodeOffset) : null;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, byte* buffer);
}
