using Provost.Stores.ClickHouse.Engine;
using Provost.Stores.ClickHouse.Sql;

namespace Provost.Stores.ClickHouse.Http;

/// <summary>ClickHouse's HTTP interface: <c>/</c> with the query in the URL, the body, or both.</summary>
internal sealed partial class QueryEndpoint(ChdbEngine engine, QueryGate gate, QueryRunner runner, QueryErrors errors, ILogger<QueryEndpoint> logger)
{
    public async Task HandleAsync(HttpContext context)
    {
        var queryId = "";
        try
        {
            gate.Credentials.Check(context.Request);
            var request = await QueryRequest.ReadAsync(context.Request, errors);
            queryId = request.QueryId;
            using var admitted = gate.Slots.Admit();
            await RunAsync(context, request);
        }
        catch (QueryError error)
        {
            await AnswerAsync(context, queryId, error.Error);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            LogGone(queryId);
        }
        catch (Exception error) when (error is BadHttpRequestException or InvalidDataException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            LogGone(queryId);
        }
    }

    private async Task RunAsync(HttpContext context, QueryRequest request)
    {
        await using var body = RequestBody.Open(context.Request, errors);
        var text = await QueryText.ReadAsync(request, body, errors, context.RequestAborted);
        if (text.Statement.Kind == StatementKind.Empty)
        {
            if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
            {
                await context.Response.WriteAsync("Ok.\n");
                return;
            }

            throw errors.Syntax("Empty query");
        }

        text = Refuse(request, text);
        using var spool = text.Statement.Kind == StatementKind.Insert ? await runner.SpoolAsync(text, context.RequestAborted) : null;
        // KILL does not queue behind what it is to end.
        using var slot = text.Statement.Verb == "KILL" ? null : await gate.Slots.RunAsync(context.RequestAborted);
        if (request.Session is { } session)
        {
            await InSessionAsync(context, request, text, spool, session);
        }
        else
        {
            using var connection = engine.Open();
            await ExecuteAsync(context, request, text, spool, connection, again: false);
        }
    }

    /// <summary>What is refused before the engine sees it. VALUES are looked through as well: they may hold expressions.</summary>
    private QueryText Refuse(QueryRequest request, QueryText text)
    {
        var statement = text.Statement;
        if (statement.Tail >= 0)
        {
            throw errors.Syntax($"failed at position {statement.Tail + 1}: Multi-statements are not allowed. Send one statement at a time");
        }

        var values = statement is { Kind: StatementKind.Insert } && "Values".Equals(statement.Format, StringComparison.OrdinalIgnoreCase);
        if (values && text.Complete)
        {
            text = text with { Tokens = Lexer.All(text.Bytes) };
        }

        if (engine.Guard.Refuses(text.Tokens) is { } what)
        {
            throw errors.Refused(what);
        }

        if (Guard.RefusesFormat(request.Format))
        {
            throw errors.Refused($"The format {request.Format}");
        }

        if (values && !text.Complete && text.Tokens.Any(token => token.Is("input_format_values_interpret_expressions")))
        {
            throw errors.Refused("input_format_values_interpret_expressions in an INSERT that is longer than max_query_size");
        }

        return request is { ReadOnly: true, Session: not null } && statement.Kind != StatementKind.Rows ? throw errors.ReadOnly(statement.Verb) : text;
    }

    private async Task InSessionAsync(HttpContext context, QueryRequest request, QueryText text, InsertSpool? spool, SessionRequest asked)
    {
        var session = gate.Sessions.Take(asked);
        try
        {
            var restore = session.Restoring([.. request.Settings.Select(setting => setting.Key)]);
            await ExecuteAsync(context, request with { ReadOnly = false }, text, spool, session.Connection, again: session.Configured);
            session.Configured = true;
            if (restore is not null)
            {
                session.Connection.Execute(restore);
            }
        }
        finally
        {
            gate.Sessions.GiveBack(asked, session);
        }
    }

    private async Task ExecuteAsync(
        HttpContext context, QueryRequest request, QueryText text, InsertSpool? spool, EngineConnection connection, bool again)
    {
        var mark = Guid.NewGuid().ToString("N");
        // A large VALUES was not looked through: then it may hold literals only.
        var settings = spool is not null && !text.Complete
            ? request.Settings.Append(KeyValuePair.Create("input_format_values_interpret_expressions", "0")) : request.Settings;
        if (engine.Configure(connection, mark, settings, request.ReadOnly, again) is { } refused)
        {
            throw new QueryError(refused);
        }

        if (request.Database is { Length: > 0 } database && connection.Execute($"USE {Identifier(database)}").Error is { } missing)
        {
            throw new QueryError(missing);
        }

        var execution = new Execution(connection, request, text, Format(request), mark, spool);
        await (text.Statement.Kind switch
        {
            StatementKind.Rows => runner.RowsAsync(context, execution),
            StatementKind.Insert => runner.InsertAsync(context, execution),
            _ => runner.CommandAsync(context, execution),
        });
    }

    private string Format(QueryRequest request) => request.Format.Length == 0 ? "TabSeparated"
        : request.Format.All(char.IsAsciiLetterOrDigit) ? request.Format
        : throw errors.BadArgument($"default_format \"{request.Format}\" is no name of a format");

    private static string Identifier(string name) =>
        $"`{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal)}`";

    private async Task AnswerAsync(HttpContext context, string queryId, EngineError error)
    {
        LogRefused(queryId, error.Code, error.Name);
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.Clear();
        QueryResponse.Describe(context.Response, queryId, engine.TimeZone);
        context.Response.StatusCode = ErrorStatus.Of(error.Code);
        context.Response.ContentType = "text/plain; charset=UTF-8";
        context.Response.Headers["X-ClickHouse-Exception-Code"] = error.Code.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await context.Response.WriteAsync(error.Text + "\n");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Query {QueryId} failed with code {Code} {Name}")]
    private partial void LogRefused(string queryId, int code, string name);

    [LoggerMessage(Level = LogLevel.Information, Message = "Query {QueryId} was given up: the client is gone")]
    private partial void LogGone(string queryId);
}

/// <summary>Who is let in, and how many.</summary>
internal sealed record QueryGate(Credentials Credentials, QuerySlots Slots, Sessions Sessions);
