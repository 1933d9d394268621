using System.Collections.Frozen;

namespace Provost.Stores.ClickHouse.Sql;

/// <summary>
/// The embedded engine has no users and no grants: whoever may query may also read /etc/passwd with file(). So what leaves
/// the data directory is refused here, by token, before the engine sees it. Table functions and engines are allowed by
/// name: what a new engine release adds is refused until somebody has looked at it.
/// </summary>
internal sealed class Guard(IEnumerable<string> tableFunctions, IEnumerable<string> tableEngines, IEnumerable<string> databaseEngines)
{
    private static readonly FrozenSet<string> AllowedFunctions = Names(
        "numbers", "numbers_mt", "zeros", "zeros_mt", "primes", "generateRandom", "generateSeries", "generate_series", "values",
        "view", "viewIfPermitted", "viewExplain", "null", "merge", "dictionary", "mergeTreeIndex", "mergeTreeProjection",
        "loop", "format");

    private static readonly FrozenSet<string> AllowedEngines = Names(
        "MergeTree", "ReplacingMergeTree", "SummingMergeTree", "AggregatingMergeTree", "CollapsingMergeTree",
        "VersionedCollapsingMergeTree", "CoalescingMergeTree", "GraphiteMergeTree", "Memory", "Log", "TinyLog", "StripeLog",
        "Null", "Set", "Join", "Buffer", "Merge", "View", "MaterializedView", "Dictionary", "GenerateRandom", "Alias");

    private static readonly FrozenSet<string> AllowedDatabases = Names("Atomic", "Memory");

    /// <summary>Functions that read files or run programs and are not table functions.</summary>
    private static readonly string[] MoreFunctions = ["file", "disk", "eval", "catboostEvaluate", "executable", "arrowstream", "python", "input"];

    /// <summary>Settings that read files, call hosts, or hold SQL that this lexer would see as a string or in another dialect.</summary>
    private static readonly FrozenSet<string> RefusedSettings = Names(
        "format_schema", "format_schema_source", "format_template_row", "format_template_resultset", "format_avro_schema_registry_url",
        "dialect", "additional_table_filters", "additional_result_filter", "stream_like_engine_insert_queue",
        "allow_introspection_functions", "implicit_table_at_top_level", "default_table_engine", "default_temporary_table_engine");

    private static readonly FrozenSet<string> RefusedFormats = Names(
        "Template", "TemplateIgnoreSpaces", "Protobuf", "ProtobufSingle", "ProtobufList", "CapnProto", "AvroConfluent");

    private static readonly FrozenSet<string> SystemCommands = Names(
        "FLUSH", "START", "STOP", "RELOAD", "DROP", "CLEAR", "REFRESH", "WAIT", "CANCEL", "SYNC", "PREWARM", "UNLOAD", "LOAD");

    private readonly FrozenSet<string> functions = tableFunctions.Except(AllowedFunctions, StringComparer.OrdinalIgnoreCase)
        .Concat(MoreFunctions).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private readonly FrozenSet<string> engines = tableEngines.Except(AllowedEngines, StringComparer.OrdinalIgnoreCase)
        .Concat(databaseEngines.Except(AllowedDatabases, StringComparer.OrdinalIgnoreCase)).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool RefusesSetting(string name) => RefusedSettings.Contains(name);

    public static bool RefusesFormat(string name) => RefusedFormats.Contains(name);

    /// <returns>Why the statement is refused, or null.</returns>
    public string? Refuses(IEnumerable<Token> statement)
    {
        // Bytes that are no token may be blanks to the engine: what stands on both sides of them is taken to be adjacent.
        List<Token> tokens = [.. statement.Where(token => token is not { Kind: TokenKind.Symbol, Text: "\uFFFD" })];
        var first = tokens.FindIndex(token => !token.IsSymbol('('));
        if (first < 0)
        {
            return null;
        }

        for (var i = 0; i < tokens.Count; i++)
        {
            if (RefusesAt(tokens, i, first) is { } reason)
            {
                return reason;
            }
        }

        return null;
    }

    private static FrozenSet<string> Names(params string[] names) => names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static bool Follows(List<Token> tokens, int index, params ReadOnlySpan<string> keywords)
    {
        for (var i = 0; i < keywords.Length; i++)
        {
            if (index + i >= tokens.Count || !tokens[index + i].Is(keywords[i]))
            {
                return false;
            }
        }

        return true;
    }

    private string? RefusesAt(List<Token> tokens, int i, int first)
    {
        var token = tokens[i];
        if (!token.IsIdentifier)
        {
            return null;
        }

        var call = i + 1 < tokens.Count && tokens[i + 1].IsSymbol('(');
        var qualified = i > 0 && tokens[i - 1].IsSymbol('.');
        if (RefusedSettings.Contains(token.Text))
        {
            return $"The setting {token.Text}";
        }

        if (call && !qualified && functions.Contains(token.Text) && !IsBackupPlace(tokens, i, first))
        {
            return $"The function {token.Text}()";
        }

        if (call && token.Is("format") && !IsFormattedText(tokens, i))
        {
            return "The table function format() with the format Values, or with a format that is not a literal";
        }

        return RefusesClause(tokens, i) ?? RefusesStatement(tokens, i, first);
    }

    /// <summary>Clauses that name a file, an engine, a format or a source, wherever they stand.</summary>
    private string? RefusesClause(List<Token> tokens, int i)
    {
        if (Follows(tokens, i, "INTO", "OUTFILE") || Follows(tokens, i, "FROM", "INFILE"))
        {
            return $"{tokens[i].Text} {tokens[i + 1].Text}";
        }

        if (tokens[i].Is("ENGINE") && EngineAfter(tokens, i) is { } engine && engines.Contains(engine))
        {
            return $"The engine {engine}";
        }

        if (tokens[i].Is("FORMAT") && i + 1 < tokens.Count && tokens[i + 1].IsIdentifier && RefusedFormats.Contains(tokens[i + 1].Text))
        {
            return $"The format {tokens[i + 1].Text}";
        }

        return tokens[i].Is("SOURCE") && i + 1 < tokens.Count && tokens[i + 1].IsSymbol('(') ? RefusesSource(tokens, i + 2) : null;
    }

    /// <summary>What only counts at the start: whole kinds of statements.</summary>
    private static string? RefusesStatement(List<Token> tokens, int i, int first)
    {
        var verb = tokens[first];
        if (i == first && verb.Is("SYSTEM") && (i + 1 >= tokens.Count || !SystemCommands.Contains(tokens[i + 1].Text)))
        {
            return $"SYSTEM {(i + 1 < tokens.Count ? tokens[i + 1].Text : "")}".TrimEnd();
        }

        if (verb.Is("ATTACH") && tokens[i].Is("FROM"))
        {
            return "ATTACH ... FROM";
        }

        if (Follows(tokens, i, "PARALLEL", "WITH"))
        {
            return "PARALLEL WITH";
        }

        if (Follows(tokens, first, "CREATE", "FUNCTION") && tokens[i].Is("LANGUAGE"))
        {
            return "CREATE FUNCTION ... LANGUAGE";
        }

        return Follows(tokens, i, "NAMED", "COLLECTION") && (verb.Is("CREATE") || verb.Is("ALTER")) ? "A named collection" : null;
    }

    /// <summary>File('name') and Disk(...) after TO or FROM of BACKUP and RESTORE: the engine keeps them inside backups.allowed_path.</summary>
    private static bool IsBackupPlace(List<Token> tokens, int i, int first) =>
        (tokens[first].Is("BACKUP") || tokens[first].Is("RESTORE"))
        && i > 0 && (tokens[i - 1].Is("TO") || tokens[i - 1].Is("FROM") || tokens[i - 1].IsSymbol('='))
        && tokens[i].Text is "File";

    /// <summary>format('{} of {}', ...) makes text; format('Values', ...) would run the expressions inside a string.</summary>
    private static bool IsFormattedText(List<Token> tokens, int i) =>
        i + 2 < tokens.Count && tokens[i + 2].Kind == TokenKind.String
        && !tokens[i + 2].Text.Equals("Values", StringComparison.OrdinalIgnoreCase) && !RefusedFormats.Contains(tokens[i + 2].Text)
        && !tokens[i + 2].Text.StartsWith("x'", StringComparison.OrdinalIgnoreCase)
        && !tokens[i + 2].Text.StartsWith("b'", StringComparison.OrdinalIgnoreCase)
        && i + 3 < tokens.Count && (tokens[i + 3].IsSymbol(',') || tokens[i + 3].IsSymbol(')'));

    private static string? EngineAfter(List<Token> tokens, int i)
    {
        var name = i + 1 < tokens.Count && tokens[i + 1].IsSymbol('=') ? i + 2 : i + 1;
        return name < tokens.Count && (tokens[name].IsIdentifier || tokens[name].Kind == TokenKind.String) ? tokens[name].Text : null;
    }

    /// <summary>A dictionary may read a table of this server, nothing else.</summary>
    private static string? RefusesSource(List<Token> tokens, int i)
    {
        if (i < tokens.Count && tokens[i].Is("NULL"))
        {
            return null;
        }

        var depth = 1;
        var remote = i >= tokens.Count || !tokens[i].Is("CLICKHOUSE");
        for (; !remote && i < tokens.Count && depth > 0; i++)
        {
            depth += tokens[i].IsSymbol('(') ? 1 : tokens[i].IsSymbol(')') ? -1 : 0;
            remote = tokens[i].IsIdentifier && tokens[i].Text.ToUpperInvariant() is "HOST" or "PORT" or "QUERY" or "INVALIDATE_QUERY" or "WHERE" or "NAME";
        }

        return remote ? "A dictionary source other than CLICKHOUSE(TABLE ... DB ...)" : null;
    }
}
