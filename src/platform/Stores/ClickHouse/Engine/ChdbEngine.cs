using System.Runtime.InteropServices;
using System.Text;
using Provost.Stores.ClickHouse.Sql;

namespace Provost.Stores.ClickHouse.Engine;

/// <summary>
/// The engine of this process: one per process and data directory. It starts once and stops with the process; the
/// connection that it keeps for itself holds it up while no request runs.
/// </summary>
internal sealed unsafe partial class ChdbEngine : IDisposable
{
    /// <summary>The setting that tells which request runs a query: free text, and without meaning to any engine that is allowed here.</summary>
    private const string Mark = "stream_like_engine_insert_queue";

    /// <summary>What the engine makes a view of the file system; dropped at once.</summary>
    private const string Overlay = "provost_engine_overlay";

    private readonly string[] arguments;
    private readonly DirectoryLock directory;
    private readonly EngineConnection control;
    private readonly Lock controlGate = new();
    private readonly Dictionary<string, string> limits;
    private bool disposed;

    private ChdbEngine(ClickHouseOptions options, EngineFiles files, DirectoryLock directory)
    {
        this.directory = directory;
        Files = files;
        arguments =
        [
            "clickhouse", $"--path={files.Data}", $"--config-file={files.Configuration}", $"--default_database={Overlay}", "--logger.level=none",
        ];
        EngineConnection? first = null;
        SignalGuard.Run(() =>
        {
            Chdb.SetSignalHandlersEnabled(0);
            first = Connect("");
        });
        control = first!;
        limits = Limits(options);
        control.Execute($"DROP DATABASE IF EXISTS {Overlay}");
        Version = Scalar("SELECT version()");
        TimeZone = Scalar("SELECT timezone()");
        if (Scalar("SELECT groupConcat(', ')(name) FROM system.databases WHERE engine IN ('Overlay', 'Filesystem')") is { Length: > 0 } open)
        {
            throw new StoreError($"The database {open} of {files.Data} shows the files of this machine: it was not made by this service. Use another data directory.");
        }

        Guard = new Guard(
            Scalar("SELECT groupConcat(' ')(name) FROM system.table_functions").Split(' '),
            Scalar("SELECT groupConcat(' ')(name) FROM system.table_engines").Split(' '),
            Scalar("SELECT groupConcat(' ')(name) FROM system.database_engines").Split(' '));
    }

    public EngineFiles Files { get; }

    public Guard Guard { get; }

    public string Version { get; private set; } = "";

    public string TimeZone { get; }

    public static ChdbEngine Start(ClickHouseOptions options)
    {
        ChdbLibrary.Use(ChdbLibrary.Find(options.Library));
        var files = new EngineFiles(options);
        Directory.CreateDirectory(files.Data);
        var taken = DirectoryLock.Take(files.Data);
        try
        {
            files.Prepare();
            return new ChdbEngine(options, files, taken);
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>A new connection without any setting; <see cref="Configure"/> comes first.</summary>
    public EngineConnection Open()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return Connect(Version);
    }

    /// <summary>Gives a connection the service's limits, then what the request asks for on top.</summary>
    /// <param name="connection">One that nothing runs on.</param>
    /// <param name="mark">Under what <see cref="Cancel"/> finds its query.</param>
    /// <param name="settings">The request's settings; the last of a name counts.</param>
    /// <param name="readOnly">Whether only reading is allowed, as for GET.</param>
    /// <param name="again">Whether the connection has the limits already, and perhaps changed them.</param>
    public EngineError? Configure(
        EngineConnection connection, string mark, IEnumerable<KeyValuePair<string, string>> settings, bool readOnly, bool again = false)
    {
        var all = again ? [] : new Dictionary<string, string>(limits);
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        all[Mark] = mark;
        // Once it is set, nothing else can be: it comes last.
        if (all.Remove("readonly", out var asked) || readOnly)
        {
            all["readonly"] = asked is null or "0" && readOnly ? "2" : asked!;
        }

        var list = string.Join(", ", all.Select(setting => $"{setting.Key} = {Literal(setting.Value)}"));
        return connection.Execute($"SET {list}").Error;
    }

    public static string Literal(string text) =>
        $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    /// <summary>Asks the engine to stop what runs under this mark. Returns before it has.</summary>
    public void Cancel(string mark)
    {
        lock (controlGate)
        {
            if (!disposed)
            {
                control.Execute($"KILL QUERY WHERE Settings['{Mark}'] = '{mark}' ASYNC");
            }
        }
    }

    /// <summary>The first value of the first row, by the service's own connection.</summary>
    public string Scalar(string sql)
    {
        lock (controlGate)
        {
            var result = control.Execute(sql, "TSVRaw");
            return result.Error is { } error
                ? throw new StoreError($"The engine refused {sql}: {error.Text}")
                : Encoding.UTF8.GetString(result.Output).TrimEnd('\n');
        }
    }

    public void Dispose()
    {
        lock (controlGate)
        {
            if (disposed)
            {
                return;
            }

            disposed = true;
            control.Dispose();
        }

        _ = Chdb.Shutdown();
        directory.Dispose();
    }

    private static Dictionary<string, string> Limits(ClickHouseOptions options) => new()
    {
        ["max_memory_usage"] = Text(options.QueryMemoryBytes),
        ["max_bytes_before_external_group_by"] = Text(options.QueryMemoryBytes / 2),
        ["max_bytes_before_external_sort"] = Text(options.QueryMemoryBytes / 2),
        ["max_execution_time"] = Text(options.MaxQuerySeconds),
        // What the embedded build switches on and the server does not.
        ["implicit_select"] = "0",
        ["allow_introspection_functions"] = "0",
    };

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private EngineConnection Connect(string version)
    {
        var texts = arguments.Select(Marshal.StringToCoTaskMemUTF8).ToArray();
        try
        {
            fixed (nint* argv = texts)
            {
                var connection = Chdb.Connect(texts.Length, (byte**)argv);
                return connection is null ? throw new StoreError(
                    $"The engine does not open {Files.Data}. Look for a damaged file under metadata/, a full disk, or data of a newer release.")
                    : new EngineConnection(connection, version);
            }
        }
        finally
        {
            Array.ForEach(texts, Marshal.FreeCoTaskMem);
        }
    }
}
