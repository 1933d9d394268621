using System.Buffers;
using Provost.Stores.ClickHouse.Engine;

namespace Provost.Stores.ClickHouse.Http;

/// <summary>Runs one statement on one connection, and gives the answer.</summary>
internal sealed class QueryRunner(ChdbEngine engine, ClickHouseOptions options, QueryErrors errors, TimeProvider time)
{
    /// <summary>As much as a result may have and still come with its final summary and its own status.</summary>
    private const int Threshold = 128 * 1024;

    private static readonly TimeSpan FirstCancel = TimeSpan.FromMilliseconds(20);

    /// <summary>DDL, INSERT ... SELECT, BACKUP and so on: the whole answer at the end.</summary>
    public async Task CommandAsync(HttpContext context, Execution execution)
    {
        var format = execution.Text.Statement.Format ?? execution.Format;
        var sql = execution.Text.Bytes;
        var result = await WithCancelAsync(
            () => execution.Connection.Execute(sql, format, execution.Request.Parameters), execution.Mark, context.RequestAborted);
        await AnswerAsync(context, execution.Request, format, result);
    }

    public async Task InsertAsync(HttpContext context, Execution execution)
    {
        var statement = execution.Text.Statement;
        using var spool = execution.Spool!;
        // From here on the data are here: a client that goes away does not stop the INSERT in its middle.
        var result = await Background(() =>
        {
            using var insert = execution.Connection.Insert(
                execution.Text.Bytes.AsSpan(0, statement.HeadEnd), statement.Format!, execution.Request.Parameters);
            if (insert.Error is { } error)
            {
                return new QueryResult([], error, default);
            }

            spool.Feed(insert);
            return insert.Finish();
        });
        await AnswerAsync(context, execution.Request, execution.Format, result);
    }

    /// <summary>Rows, sent while they are computed.</summary>
    public async Task RowsAsync(HttpContext context, Execution execution)
    {
        var format = execution.Text.Statement.Format ?? execution.Format;
        using var pipe = new ResultPipe();
        await using var response = new QueryResponse(context, execution.Request, format, engine.TimeZone);
        await using var whole = execution.Request.WaitForEnd ? Unnamed(engine.Files.Spool) : null;
        var sql = pipe.Redirect(execution.Text.Bytes, execution.Text.Statement, format);
        var run = WithCancelAsync(
            () =>
            {
                try
                {
                    return execution.Connection.Execute(sql, format, execution.Request.Parameters);
                }
                finally
                {
                    pipe.Close();
                }
            },
            execution.Mark, context.RequestAborted);
        var buffer = ArrayPool<byte>.Shared.Rent(Threshold);
        try
        {
            var held = await PumpAsync(pipe.Output, buffer, whole, response, context.RequestAborted);
            var result = await run;
            await EndAsync(response, result, buffer.AsMemory(0, held), whole);
        }
        finally
        {
            // Whatever happened, the engine must not be left writing into a pipe that nobody reads.
            Drain(pipe.Output, buffer);
            await run;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Moves rows to the client; the last ones that fit into the buffer are held back for the headers' sake.</summary>
    private static async Task<int> PumpAsync(
        FileStream output, byte[] buffer, FileStream? whole, QueryResponse response, CancellationToken cancellation)
    {
        var held = 0;
        // Not ReadAsync: on a pipe that is the same blocking read, only on one thread more.
        for (int count; (count = output.Read(buffer.AsSpan(held))) > 0;)
        {
            held += count;
            cancellation.ThrowIfCancellationRequested();
            if (whole is not null)
            {
                await whole.WriteAsync(buffer.AsMemory(0, held), cancellation);
                held = 0;
                continue;
            }

            if (!response.HasBegun && held < Threshold)
            {
                continue;
            }

            if (!response.HasBegun)
            {
                response.Begin(default);
            }

            await response.WriteAsync(buffer.AsMemory(0, held), cancellation);
            held = 0;
        }

        cancellation.ThrowIfCancellationRequested();
        return held;
    }

    private async Task EndAsync(QueryResponse response, QueryResult result, ReadOnlyMemory<byte> rest, FileStream? whole)
    {
        if (result.Error is { } error)
        {
            await (response.HasBegun ? response.FailAsync(error, time) : throw new QueryError(error));
            return;
        }

        if (!response.HasBegun)
        {
            response.Begin(result.Summary, whole?.Length ?? rest.Length);
        }

        if (whole is not null)
        {
            whole.Position = 0;
            await CopyAsync(whole, response);
        }

        await response.WriteAsync(rest, CancellationToken.None);
    }

    private static async Task CopyAsync(FileStream whole, QueryResponse response)
    {
        var buffer = new byte[Threshold];
        for (int count; (count = await whole.ReadAsync(buffer)) > 0;)
        {
            await response.WriteAsync(buffer.AsMemory(0, count), CancellationToken.None);
        }
    }

    private static void Drain(FileStream output, byte[] buffer)
    {
        while (output.Read(buffer) > 0)
        {
            // Thrown away: the client is gone, and the engine has been told to stop.
        }
    }

    private async Task AnswerAsync(HttpContext context, QueryRequest request, string format, QueryResult result)
    {
        if (result.Error is { } error)
        {
            throw new QueryError(error);
        }

        await using var response = new QueryResponse(context, request, format, engine.TimeZone);
        response.Begin(result.Summary, result.Output.Length);
        await response.WriteAsync(result.Output, context.RequestAborted);
    }

    /// <summary>The call blocks until the engine is done; the pool has threads for as many as may run at once.</summary>
    private static Task<QueryResult> Background(Func<QueryResult> call) => Task.Run(call);

    /// <summary>Cancels the query when the client goes away, again and again: it may not have started yet.</summary>
    private async Task<QueryResult> WithCancelAsync(Func<QueryResult> call, string mark, CancellationToken aborted)
    {
        var run = Background(call);
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = aborted.UnsafeRegister(static source => ((TaskCompletionSource)source!).TrySetResult(), gone);
        await Task.WhenAny(run, gone.Task);
        for (var pause = FirstCancel; !run.IsCompleted; pause *= 2)
        {
            await Task.Run(() => engine.Cancel(mark), CancellationToken.None);
            await Task.WhenAny(run, Task.Delay(pause, time, CancellationToken.None));
        }

        return await run;
    }

    private static FileStream Unnamed(string directory)
    {
        var path = Path.Combine(directory, Guid.NewGuid().ToString("N"));
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        File.Delete(path);
        return file;
    }

    /// <summary>Reads the data of an INSERT to their end.</summary>
    public Task<InsertSpool> SpoolAsync(QueryText text, CancellationToken cancellation) =>
        InsertSpool.ReadAsync(text, engine.Files.Spool, options.MaxInsertMegabytes, errors, cancellation);
}

/// <summary>One statement, ready to run.</summary>
/// <param name="Connection">What it runs on.</param>
/// <param name="Request">What was asked.</param>
/// <param name="Text">The statement.</param>
/// <param name="Format">The format of an answer without FORMAT.</param>
/// <param name="Mark">Under what it can be cancelled.</param>
/// <param name="Spool">The data of an INSERT.</param>
internal sealed record Execution(
    EngineConnection Connection, QueryRequest Request, QueryText Text, string Format, string Mark, InsertSpool? Spool);
