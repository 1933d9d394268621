using System.Runtime.InteropServices;
using System.Text;

namespace Provost.Runbooks.Tools;

/// <summary>A program that outlives its starter: own session, exactly the descriptors and the environment that are given.</summary>
/// <param name="Descriptors">Become 3, 4, ... in the program.</param>
/// <param name="OutputFile">Standard output and error append to it.</param>
internal sealed record SpawnRequest(
    string Program, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment, IReadOnlyList<int> Descriptors, string OutputFile);

/// <summary>
/// posix_spawn rather than Process.Start: that one cannot pass descriptors, start a session or leave the child to live on.
/// </summary>
internal static unsafe class Spawn
{
    private const short SetSignalDefaults = 0x04;
    private const short SetSignalMask = 0x08;
    private const short NewSession = 0x80;
    private const int OpaqueSize = 1024; // more than any C library needs for its opaque structures
    private const int WriteCreateAppend = 0x1 | 0x40 | 0x400;
    private const int FirstFree = 100;

    public static int Start(SpawnRequest request)
    {
        CloseInheritedOnExec();
        var actions = stackalloc byte[OpaqueSize];
        var attributes = stackalloc byte[OpaqueSize];
        Require(Native.InitActions(actions));
        Require(Native.InitAttributes(attributes));
        List<int> copies = [];
        try
        {
            SetAttributes(attributes);
            AddActions(actions, request, copies);
            using var arguments = new Vector([request.Program, .. request.Arguments]);
            using var environment = new Vector([.. request.Environment.Select(pair => $"{pair.Key}={pair.Value}")]);
            var error = Native.PosixSpawn(out var pid, request.Program, actions, attributes, arguments.Pointer, environment.Pointer);
            return error == 0 ? pid : throw Failed(request, error);
        }
        finally
        {
            copies.ForEach(copy => _ = Native.Close(copy));
            _ = Native.DestroyActions(actions);
            _ = Native.DestroyAttributes(attributes);
        }
    }

    private static void SetAttributes(byte* attributes)
    {
        // The runtime ignores SIGPIPE and more; a child starts with the defaults and an empty mask.
        var none = stackalloc byte[128];
        var all = stackalloc byte[128];
        new Span<byte>(none, 128).Clear();
        new Span<byte>(all, 128).Clear();
        *(uint*)all = ~((1u << (Native.Kill - 1)) | (1u << (19 - 1))) & 0x7FFFFFFF;
        Require(Native.SetSignalMask(attributes, none));
        Require(Native.SetDefaultSignals(attributes, all));
        Require(Native.SetFlags(attributes, SetSignalDefaults | SetSignalMask | NewSession));
    }

    private static void AddActions(byte* actions, SpawnRequest request, List<int> copies)
    {
        Require(Native.AddOpen(actions, 0, "/dev/null", 0, 0));
        Require(Native.AddOpen(actions, 1, request.OutputFile, WriteCreateAppend, Native.OwnerOnly));
        Require(Native.AddDuplicate(actions, 1, 2));
        // Copies far above, so that 3, 4, ... can be overwritten in any order.
        foreach (var descriptor in request.Descriptors)
        {
            copies.Add(Native.Fcntl(descriptor, Native.DuplicateCloseOnExec, FirstFree));
        }
        for (var i = 0; i < copies.Count; i++)
        {
            Require(Native.AddDuplicate(actions, copies[i], 3 + i));
        }
    }

    // What this process inherited without close-on-exec (a pipe of a script, its lock file) must not live on in a service.
    private static void CloseInheritedOnExec()
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            if (int.TryParse(Path.GetFileName(entry), out var descriptor) && descriptor > 2
                && Native.Fcntl(descriptor, Native.GetDescriptorFlags, 0) is >= 0 and var flags && (flags & Native.CloseOnExec) == 0)
            {
                _ = Native.Fcntl(descriptor, Native.SetDescriptorFlags, flags | Native.CloseOnExec);
            }
        }
    }

    private static void Require(int error)
    {
        if (error != 0)
        {
            throw new InvalidOperationException(Marshal.GetPInvokeErrorMessage(error));
        }
    }

    private static OperationError Failed(SpawnRequest request, int error) => new(
        ErrorKind.Failed,
        $"{request.Program} could not be started: {Marshal.GetPInvokeErrorMessage(error)}",
        error == 2 ? "build the release again: provost up" : "check that the file may be executed by this user and that its file system is not mounted noexec");

    /// <summary>A null-terminated array of null-terminated UTF-8 strings.</summary>
    private sealed class Vector : IDisposable
    {
        private readonly int count;

        public Vector(IReadOnlyList<string> items)
        {
            count = items.Count;
            Pointer = (byte**)NativeMemory.AllocZeroed((nuint)(count + 1), (nuint)sizeof(byte*));
            for (var i = 0; i < count; i++)
            {
                var bytes = Encoding.UTF8.GetBytes(items[i]);
                Pointer[i] = (byte*)NativeMemory.AllocZeroed((nuint)bytes.Length + 1);
                bytes.CopyTo(new Span<byte>(Pointer[i], bytes.Length));
            }
        }

        public byte** Pointer { get; }

        public void Dispose()
        {
            for (var i = 0; i < count; i++)
            {
                NativeMemory.Free(Pointer[i]);
            }
            NativeMemory.Free(Pointer);
        }
    }
}
