namespace Provost.Stores.ClickHouse.Sql;

internal enum StatementKind
{
    /// <summary>Nothing but comments.</summary>
    Empty,

    /// <summary>Gives rows: SELECT, SHOW, DESCRIBE, EXISTS, EXPLAIN, CHECK.</summary>
    Rows,

    /// <summary>INSERT with VALUES or FORMAT: data follow the statement.</summary>
    Insert,

    /// <summary>Everything else: DDL, INSERT ... SELECT, BACKUP, KILL, SET ...</summary>
    Command,
}

/// <summary>What the HTTP interface must know of a statement before the engine parses it.</summary>
/// <param name="Kind">How to run it.</param>
/// <param name="Verb">Its first word, in capitals.</param>
/// <param name="Format">The FORMAT it names, or Values for INSERT ... VALUES.</param>
/// <param name="HeadEnd">
/// Where the text ends that comes before FORMAT or VALUES; for rows without FORMAT the end of the last token.
/// </param>
/// <param name="FormatEnd">Where the text after the name of the format begins.</param>
/// <param name="DataStart">Where an INSERT's data begin.</param>
/// <param name="Tail">Where the next statement begins, or -1: only one statement is allowed.</param>
internal sealed record Statement(StatementKind Kind, string Verb, string? Format, int HeadEnd, int FormatEnd, int DataStart, int Tail)
{
    private static readonly string[] RowVerbs = ["SELECT", "SHOW", "DESCRIBE", "DESC", "EXISTS", "EXPLAIN", "CHECK", "FROM"];

    public static Statement Read(ReadOnlySpan<byte> sql, List<Token> tokens)
    {
        var first = tokens.FindIndex(token => !token.IsSymbol('('));
        if (first < 0)
        {
            return new(StatementKind.Empty, "", null, 0, 0, 0, -1);
        }

        var verb = tokens[first].Kind == TokenKind.Word ? tokens[first].Text.ToUpperInvariant() : "";
        if (verb == "INSERT" && Insertion.Find(sql, tokens, first + 1) is { } insert)
        {
            return insert;
        }

        var semicolon = tokens.FindIndex(token => token.IsSymbol(';'));
        var last = semicolon < 0 ? tokens.Count : semicolon;
        var tail = semicolon < 0 ? -1 : tokens.FindIndex(semicolon, token => !token.IsSymbol(';'));
        var kind = RowVerbs.Contains(verb) || (verb == "WITH" && !Inserts(tokens)) ? StatementKind.Rows : StatementKind.Command;
        var end = last == 0 ? 0 : tokens[last - 1].End;
        var format = TrailingFormat(tokens, last);
        return format < 0
            ? new(kind, verb, null, end, end, 0, tail < 0 ? -1 : tokens[tail].Start)
            : new(kind, verb, tokens[format + 1].Text, tokens[format].Start, tokens[format + 1].End, 0, tail < 0 ? -1 : tokens[tail].Start)
            {
                End = end,
            };
    }

    /// <summary>Where the statement's last token ends.</summary>
    public int End { get; init; } = -1;

    private static bool Inserts(List<Token> tokens)
    {
        var insert = tokens.FindIndex(token => token.Is("INSERT"));
        return insert >= 0 && insert + 1 < tokens.Count && tokens[insert + 1].Is("INTO");
    }

    /// <summary>FORMAT name at the end, or before a last SETTINGS; anywhere else it is an alias or a function.</summary>
    private static int TrailingFormat(List<Token> tokens, int count)
    {
        var depth = 0;
        for (var i = count - 1; i > 0; i--)
        {
            depth += tokens[i].IsSymbol(')') || tokens[i].IsSymbol(']') ? 1 : tokens[i].IsSymbol('(') || tokens[i].IsSymbol('[') ? -1 : 0;
            if (depth == 0 && tokens[i].Is("FORMAT") && i + 1 < count && tokens[i + 1].IsIdentifier
                && (i + 2 == count || tokens[i + 2].Is("SETTINGS")))
            {
                return i;
            }
        }

        return -1;
    }
}

/// <summary>Where an INSERT's data begin.</summary>
internal static class Insertion
{
    /// <returns>Null for INSERT ... SELECT.</returns>
    public static Statement? Find(ReadOnlySpan<byte> sql, List<Token> tokens, int index)
    {
        index = SkipTarget(tokens, index);
        for (var depth = 0; index < tokens.Count; index++)
        {
            var token = tokens[index];
            depth += token.IsSymbol('(') ? 1 : token.IsSymbol(')') ? -1 : 0;
            if (depth != 0)
            {
                if (depth == 1 && (token.Is("SELECT") || token.Is("WITH")))
                {
                    return null;
                }

                continue;
            }

            if (token.Is("SELECT") || token.Is("WITH") || token.Is("EXPLAIN") || token.Is("WATCH"))
            {
                return null;
            }

            if (token.Is("VALUES"))
            {
                return new(StatementKind.Insert, "INSERT", "Values", token.Start, token.End, token.End, -1);
            }

            if (token.Is("FORMAT") && index + 1 < tokens.Count && tokens[index + 1].IsIdentifier)
            {
                var format = tokens[index + 1];
                return new(StatementKind.Insert, "INSERT", format.Text, token.Start, format.End, AfterFormat(sql, format.End), -1);
            }
        }

        return null;
    }

    /// <summary>Over INTO [TABLE] [FUNCTION] name, so that a table called "values" is not taken for the keyword.</summary>
    private static int SkipTarget(List<Token> tokens, int index)
    {
        while (index < tokens.Count && (tokens[index].Is("INTO") || tokens[index].Is("TABLE") || tokens[index].Is("FUNCTION")))
        {
            index++;
        }

        if (index < tokens.Count && tokens[index].IsIdentifier)
        {
            index++;
        }

        while (index + 1 < tokens.Count && tokens[index].IsSymbol('.') && tokens[index + 1].IsIdentifier)
        {
            index += 2;
        }

        return index;
    }

    /// <summary>Blanks up to one line break belong to the statement, as in ClickHouse.</summary>
    private static int AfterFormat(ReadOnlySpan<byte> sql, int index)
    {
        while (index < sql.Length && sql[index] is (byte)' ' or (byte)'\t' or (byte)'\f')
        {
            index++;
        }

        index += index < sql.Length && sql[index] == '\r' ? 1 : 0;
        return index + (index < sql.Length && sql[index] == '\n' ? 1 : 0);
    }
}
