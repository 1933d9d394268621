using System.Runtime.InteropServices;

namespace Provost.Stores.ClickHouse.Engine;

/// <summary>The C interface of libchdb (chdb.h of 26.7). Handles are opaque; every result must be destroyed.</summary>
internal static unsafe partial class Chdb
{
    public const string LibraryName = "chdb";

    [LibraryImport(LibraryName, EntryPoint = "chdb_set_signal_handlers_enabled")]
    internal static partial void SetSignalHandlersEnabled(int enabled);

    /// <returns>A pointer to the connection, or null. Null says nothing about the reason.</returns>
    [LibraryImport(LibraryName, EntryPoint = "chdb_connect")]
    internal static partial nint* Connect(int argc, byte** argv);

    /// <summary>Closing the last connection shuts the engine down.</summary>
    [LibraryImport(LibraryName, EntryPoint = "chdb_close_conn")]
    internal static partial void Close(nint* connection);

    /// <summary>Joins the engine's threads; every connection must be closed.</summary>
    [LibraryImport(LibraryName, EntryPoint = "chdb_shutdown")]
    internal static partial int Shutdown();

    [LibraryImport(LibraryName, EntryPoint = "chdb_query_with_params_n")]
    internal static partial nint Query(
        nint connection, byte* query, nuint queryLength, byte* format, nuint formatLength,
        byte** names, nuint* nameLengths, byte** values, nuint* valueLengths, nuint count);

    [LibraryImport(LibraryName, EntryPoint = "chdb_stream_insert_with_params_n")]
    internal static partial nint InsertBegin(
        nint connection, byte* query, nuint queryLength, byte* format, nuint formatLength,
        byte** names, nuint* nameLengths, byte** values, nuint* valueLengths, nuint count);

    /// <summary>Copies the bytes; blocks while the engine is behind. 0 is success.</summary>
    [LibraryImport(LibraryName, EntryPoint = "chdb_stream_append")]
    internal static partial int InsertAppend(nint stream, byte* data, nuint length);

    [LibraryImport(LibraryName, EntryPoint = "chdb_stream_done")]
    internal static partial nint InsertDone(nint stream);

    [LibraryImport(LibraryName, EntryPoint = "chdb_stream_insert_error")]
    internal static partial byte* InsertError(nint stream);

    /// <summary>Cancels first when the insert was not finished.</summary>
    [LibraryImport(LibraryName, EntryPoint = "chdb_destroy_insert_stream")]
    internal static partial void InsertDestroy(nint stream);

    /// <returns>Null for an empty result.</returns>
    [LibraryImport(LibraryName, EntryPoint = "chdb_result_buffer")]
    internal static partial byte* ResultBuffer(nint result);

    [LibraryImport(LibraryName, EntryPoint = "chdb_result_length")]
    internal static partial nuint ResultLength(nint result);

    [LibraryImport(LibraryName, EntryPoint = "chdb_result_error")]
    internal static partial byte* ResultError(nint result);

    [LibraryImport(LibraryName, EntryPoint = "chdb_result_elapsed")]
    internal static partial double ResultElapsed(nint result);

    [LibraryImport(LibraryName, EntryPoint = "chdb_result_rows_read")]
    internal static partial ulong ResultRows(nint result);

    [LibraryImport(LibraryName, EntryPoint = "chdb_result_bytes_read")]
    internal static partial ulong ResultBytes(nint result);

    [LibraryImport(LibraryName, EntryPoint = "chdb_result_storage_rows_read")]
    internal static partial ulong RowsRead(nint result);

    [LibraryImport(LibraryName, EntryPoint = "chdb_result_storage_bytes_read")]
    internal static partial ulong BytesRead(nint result);

    [LibraryImport(LibraryName, EntryPoint = "chdb_result_rows_written")]
    internal static partial ulong RowsWritten(nint result);

    [LibraryImport(LibraryName, EntryPoint = "chdb_result_bytes_written")]
    internal static partial ulong BytesWritten(nint result);

    [LibraryImport(LibraryName, EntryPoint = "chdb_destroy_query_result")]
    internal static partial void ResultDestroy(nint result);
}
