using System.Runtime.InteropServices;

namespace Provost.Stores.ClickHouse.Engine;

/// <summary>What a statement did, as X-ClickHouse-Summary tells it.</summary>
internal readonly record struct QuerySummary(
    ulong ReadRows, ulong ReadBytes, ulong WrittenRows, ulong WrittenBytes, ulong ResultRows, ulong ResultBytes, double Seconds)
{
    public string ToJson() =>
        $$"""{"read_rows":"{{ReadRows}}","read_bytes":"{{ReadBytes}}","written_rows":"{{WrittenRows}}","written_bytes":"{{WrittenBytes}}","total_rows_to_read":"0","result_rows":"{{ResultRows}}","result_bytes":"{{ResultBytes}}","elapsed_ns":"{{(ulong)(Seconds * 1e9)}}"}""";
}

/// <summary>The end of a statement: an error, or bytes (none when the output went elsewhere) and a summary.</summary>
internal sealed record QueryResult(byte[] Output, EngineError? Error, QuerySummary Summary)
{
    /// <summary>Copies a native result and destroys it.</summary>
    internal static unsafe QueryResult Take(nint handle, string version)
    {
        try
        {
            if (handle == 0)
            {
                return new([], EngineError.Parse("the engine gave no result", version), default);
            }

            if (Marshal.PtrToStringUTF8((nint)Chdb.ResultError(handle)) is { } error)
            {
                return new([], EngineError.Parse(error, version), default);
            }

            // An empty result has a null buffer.
            var length = checked((int)Chdb.ResultLength(handle));
            var output = length == 0 ? [] : new ReadOnlySpan<byte>(Chdb.ResultBuffer(handle), length).ToArray();
            return new(output, null, new QuerySummary(
                Chdb.RowsRead(handle), Chdb.BytesRead(handle), Chdb.RowsWritten(handle), Chdb.BytesWritten(handle),
                Chdb.ResultRows(handle), Chdb.ResultBytes(handle), Chdb.ResultElapsed(handle)));
        }
        finally
        {
            if (handle != 0)
            {
                Chdb.ResultDestroy(handle);
            }
        }
    }
}
