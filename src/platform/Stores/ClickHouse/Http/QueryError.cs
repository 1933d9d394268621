using Provost.Stores.ClickHouse.Engine;

namespace Provost.Stores.ClickHouse.Http;

/// <summary>A request ends with this answer.</summary>
internal sealed class QueryError(EngineError error) : Exception(error.Text)
{
    public EngineError Error { get; } = error;
}

/// <summary>The errors that the HTTP interface raises itself, with ClickHouse's codes and names.</summary>
internal sealed class QueryErrors(string version)
{
    public QueryError AuthenticationFailed(string user) => Of(516, "AUTHENTICATION_FAILED",
        $"{user}: Authentication failed: password is incorrect, or there is no user with such name.");

    public QueryError Refused(string what) => Of(497, "ACCESS_DENIED",
        $"{what} is refused by the embedded store: it would reach beyond the data directory, and this store has no grants to decide who may");

    public QueryError TooMany(int limit) => Of(202, "TOO_MANY_SIMULTANEOUS_QUERIES",
        $"Too many simultaneous queries. Maximum: {limit}. Try again in a moment, or raise PROVOST_ClickHouse__MaxQueries");

    public QueryError Syntax(string message) => Of(62, "SYNTAX_ERROR", $"Syntax error: {message}");

    public QueryError BadArgument(string message) => Of(36, "BAD_ARGUMENTS", message);

    public QueryError NotImplemented(string message) => Of(48, "NOT_IMPLEMENTED", message);

    public QueryError CannotDecompress(string message) => Of(271, "CANNOT_DECOMPRESS", message);

    public QueryError TooLarge(int megabytes) => Of(396, "TOO_MANY_ROWS_OR_BYTES",
        $"The data of this INSERT are larger than {megabytes} MB. Send it in parts, or raise PROVOST_ClickHouse__MaxInsertMegabytes");

    public QueryError ReadOnly(string verb) => Of(164, "READONLY",
        $"Cannot execute {verb} in readonly mode. For queries over HTTP, method GET implies readonly. You should use method POST for modifying queries");

    public QueryError SessionLocked(string session) => Of(373, "SESSION_IS_LOCKED", $"Session {session} is locked by a concurrent client");

    public QueryError SessionNotFound(string session) => Of(372, "SESSION_NOT_FOUND", $"Session {session} not found");

    public QueryError TooManySessions(int limit) => Of(202, "TOO_MANY_SIMULTANEOUS_QUERIES", $"Too many sessions. Maximum: {limit}");

    private QueryError Of(int code, string name, string message) => new(EngineError.Of(code, name, message, version));
}
