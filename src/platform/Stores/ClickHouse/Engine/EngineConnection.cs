using System.Runtime.InteropServices;
using System.Text;

namespace Provost.Stores.ClickHouse.Engine;

/// <summary>
/// A connection to the engine: its own settings, database and temporary tables, one statement at a time. Opening one takes
/// about 0.3 ms, so every request has its own and nothing leaks from one request into the next.
/// </summary>
internal sealed unsafe class EngineConnection(nint* pointer, string version) : IDisposable
{
    private nint* pointer = pointer;

    private nint Handle => pointer is null ? throw new ObjectDisposedException(nameof(EngineConnection)) : *pointer;

    public QueryResult Execute(string sql, string format = "TabSeparated") => Execute(Encoding.UTF8.GetBytes(sql), format, []);

    public QueryResult Execute(ReadOnlySpan<byte> sql, string format, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        using var bound = new QueryParameters(parameters);
        var formatBytes = Encoding.UTF8.GetBytes(format);
        fixed (byte* text = sql)
        fixed (byte* formatText = formatBytes)
        {
            return QueryResult.Take(
                Chdb.Query(
                    Handle, text, (nuint)sql.Length, formatText, (nuint)formatBytes.Length,
                    bound.Names, bound.NameLengths, bound.Values, bound.ValueLengths, (nuint)bound.Count),
                version);
        }
    }

    /// <param name="sql">The INSERT without FORMAT, VALUES and data.</param>
    public InsertStream Insert(ReadOnlySpan<byte> sql, string format, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        using var bound = new QueryParameters(parameters);
        var formatBytes = Encoding.UTF8.GetBytes(format);
        fixed (byte* text = sql)
        fixed (byte* formatText = formatBytes)
        {
            return new InsertStream(
                Chdb.InsertBegin(
                    Handle, text, (nuint)sql.Length, formatText, (nuint)formatBytes.Length,
                    bound.Names, bound.NameLengths, bound.Values, bound.ValueLengths, (nuint)bound.Count),
                version);
        }
    }

    public void Dispose()
    {
        if (pointer is not null)
        {
            Chdb.Close(pointer);
            pointer = null;
        }
    }
}

/// <summary>An INSERT that is being fed. Nothing is visible before <see cref="Finish"/>, up to the engine's block of about a million rows.</summary>
internal sealed unsafe class InsertStream(nint handle, string version) : IDisposable
{
    private nint handle = handle;

    /// <summary>Why the INSERT was refused before any data, e.g. an unknown table.</summary>
    public EngineError? Error =>
        Marshal.PtrToStringUTF8((nint)Chdb.InsertError(handle)) is { } text ? EngineError.Parse(text, version) : null;

    /// <returns>False when the engine wants no more: <see cref="Finish"/> tells why.</returns>
    public bool Append(ReadOnlySpan<byte> data)
    {
        fixed (byte* bytes = data)
        {
            return Chdb.InsertAppend(handle, bytes, (nuint)data.Length) == 0;
        }
    }

    public QueryResult Finish() => QueryResult.Take(Chdb.InsertDone(handle), version);

    public void Dispose()
    {
        if (handle != 0)
        {
            Chdb.InsertDestroy(handle);
            handle = 0;
        }
    }
}
