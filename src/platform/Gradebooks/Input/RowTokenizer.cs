namespace Provost.Gradebooks.Input;

/// <summary>One row of a file.</summary>
/// <param name="Line">1-based line of the file on which the row starts.</param>
internal readonly record struct Row(long Line, string[] Cells);

/// <summary>
/// Cuts characters into rows and cells, a block at a time, and never holds more than one row. Quotes as in RFC 4180, plus
/// what real exports do: blanks before an opening or after a closing quote, and quotes inside a quoted cell that nobody doubled.
/// </summary>
internal sealed class RowTokenizer(char delimiter, ReadLimits limits, Action<Row> emit)
{
    private enum Place { FieldStart, Plain, Quoted, AfterQuote }

    private readonly List<string> cells = [];
    private readonly StringPool pool = new();
    private char[] field = new char[256];
    private int length;
    private int blanks;
    private long lineLength;
    private long line = 1;
    private long rowLine = 1;
    private long quoteLine;
    private bool afterReturn;
    private Place place = Place.FieldStart;

    public int Rows { get; private set; }

    public void Feed(ReadOnlySpan<char> block)
    {
        foreach (var c in block)
        {
            if (afterReturn)
            {
                afterReturn = false;
                if (c == '\n')
                    continue;
            }
            if (++lineLength > limits.MaxLineCharacters)
                throw TooLong();
            if (c == '\0')
                throw new GradebookError("The file has a NUL byte, which text files do not have",
                    "The file is damaged or is not text: export the gradebook again as CSV.", line);
            Take(c);
        }
    }

    /// <summary>Ends the file: a last row without a line break counts.</summary>
    public void Finish()
    {
        if (place == Place.Quoted)
            throw Unclosed();
        if (cells.Count > 0 || length > 0 || place != Place.FieldStart)
            EndRow();
    }

    private void Take(char c)
    {
        switch (place)
        {
            case Place.Quoted when c == '"':
                place = Place.AfterQuote;
                blanks = 0;
                break;
            case Place.Quoted:
                if (IsLineBreak(c))
                    CountLine(c);
                Append(c);
                break;
            case Place.AfterQuote:
                TakeAfterQuote(c);
                break;
            default:
                TakePlain(c);
                break;
        }
    }

    private void TakePlain(char c)
    {
        if (c == delimiter)
            EndField();
        else if (IsLineBreak(c))
            EndLine(c);
        else if (c == '"' && (place == Place.FieldStart || IsBlank()))
            (place, length, quoteLine) = (Place.Quoted, 0, line);
        else
        {
            place = Place.Plain;
            Append(c);
        }
    }

    private void TakeAfterQuote(char c)
    {
        if (c == '"' && blanks == 0)
        {
            Append('"');
            place = Place.Quoted;
        }
        else if (c == delimiter)
            EndField();
        else if (IsLineBreak(c))
            EndLine(c);
        else if (c is ' ' or '\t')
            blanks++;
        else
        {
            // "Robert "Bob" Smith": the quote belonged to the text.
            Append('"');
            for (; blanks > 0; blanks--)
                Append(' ');
            place = Place.Quoted;
            Append(c);
        }
    }

    private bool IsBlank() => field.AsSpan(0, length).IsWhiteSpace();

    private static bool IsLineBreak(char c) => c is '\n' or '\r';

    private void CountLine(char c)
    {
        if (c == '\n')
            line++;
    }

    private void EndLine(char c)
    {
        EndRow();
        line++;
        rowLine = line;
        afterReturn = c == '\r';
    }

    private void EndRow()
    {
        EndField();
        if (++Rows > limits.MaxRows)
            throw new GradebookError($"The file has more than {limits.MaxRows:N0} rows", "A gradebook has one row per student: check that this is the right file.", rowLine);
        emit(new Row(rowLine, [.. cells]));
        cells.Clear();
        lineLength = 0;
    }

    private void EndField()
    {
        if (cells.Count == limits.MaxColumns)
            throw new GradebookError($"A row has more than {limits.MaxColumns:N0} columns", "A gradebook has one column per assessment: check that this is the right file and export it again.", rowLine);
        cells.Add(pool.Get(field.AsSpan(0, length)));
        (length, place) = (0, Place.FieldStart);
    }

    private void Append(char c)
    {
        if (length == field.Length)
        {
            if (length >= limits.MaxFieldCharacters)
                throw place == Place.Quoted ? Unclosed() : TooLong();
            Array.Resize(ref field, Math.Min(length * 2, limits.MaxFieldCharacters));
        }
        field[length++] = c;
    }

    private GradebookError Unclosed() => new(
        "A quoted cell starts here and is never closed",
        "Close or remove the quotation mark, or export the gradebook again.", quoteLine, ColumnNumber());

    private GradebookError TooLong() => new(
        $"A row is longer than {limits.MaxLineCharacters:N0} characters, or one of its cells longer than {limits.MaxFieldCharacters:N0}",
        "This is not what a gradebook looks like: check that this is the right file and export it again.", rowLine, ColumnNumber());

    private string ColumnNumber() => (cells.Count + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
