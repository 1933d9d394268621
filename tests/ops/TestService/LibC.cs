using System.Runtime.InteropServices;

namespace Provost.TestService;

internal static unsafe partial class LibC
{
    [LibraryImport("libc", EntryPoint = "write")]
    public static partial nint Write(int descriptor, byte* bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "dup2")]
    public static partial int Duplicate(int from, int to);
}
