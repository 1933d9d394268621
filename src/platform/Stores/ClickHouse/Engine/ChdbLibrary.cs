using System.Runtime.InteropServices;

namespace Provost.Stores.ClickHouse.Engine;

/// <summary>Where libchdb.so is: the setting, then what <c>npm ci</c> put into artifacts/chdb, then the system's libraries.</summary>
internal static partial class ChdbLibrary
{
    private const string FileName = "libchdb.so";

    private static readonly Lock Gate = new();
    private static string? loaded;

    /// <summary>The package of package.json; there is none for other processors in that release.</summary>
    private const string Package = "@chdb/lib-linux-x64-gnu";

    /// <exception cref="StoreError">Nowhere; says what to run.</exception>
    public static string Find(string? configured)
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            throw new StoreError($"The embedded ClickHouse engine exists for x64 only, and this is {RuntimeInformation.ProcessArchitecture}: use a ClickHouse server.");
        }

        if (!string.IsNullOrEmpty(configured))
        {
            var file = Directory.Exists(configured) ? Path.Combine(configured, FileName) : configured;
            return File.Exists(file)
                ? Path.GetFullPath(file)
                : throw new StoreError($"PROVOST_ClickHouse__Library names {configured}, but there is no {FileName}: correct the path or leave the setting out.");
        }

        return Candidates().FirstOrDefault(File.Exists) ?? throw new StoreError(
            $"The embedded ClickHouse engine ({FileName}) is not installed. Run "
            + "`dotnet build src/platform/Stores -t:FetchEngine` (npm fetches it into artifacts/chdb), or set PROVOST_ClickHouse__Library to the file.");
    }

    /// <summary>Makes every call of <see cref="Chdb"/> go to this file. Only the first file counts.</summary>
    public static void Use(string file)
    {
        lock (Gate)
        {
            if (loaded is null)
            {
                NativeLibrary.SetDllImportResolver(typeof(Chdb).Assembly, (name, _, _) =>
                    name == Chdb.LibraryName ? NativeLibrary.Load(loaded!) : 0);
            }

            // The engine asks the C library, not the runtime: dates without a zone mean UTC on every machine.
            _ = SetEnvironment("TZ", "UTC", 1);
            loaded ??= file;
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    private static IEnumerable<string> Candidates()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            yield return Path.Combine(directory.FullName, "artifacts", "chdb", "node_modules", Package, FileName);
            yield return Path.Combine(directory.FullName, "chdb", "node_modules", Package, FileName);
        }

        yield return Path.Combine(AppContext.BaseDirectory, FileName);
        yield return Path.Combine("/usr/local/lib", FileName);
        yield return Path.Combine("/usr/lib", FileName);
    }
}
