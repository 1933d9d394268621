using Provost.Analytics.Cells;
using Provost.Gradebooks.Layouts;
using Provost.Gradebooks.Tables;
using Provost.Gradebooks.Values;
using static Provost.Gradebooks.ProvostCsv.ProvostCsvGrammar;

namespace Provost.Gradebooks.ProvostCsv;

/// <summary>Our own CSV: nothing in it is guessed except what its author left out.</summary>
internal sealed class ProvostCsvFormat
{
    private readonly Table table;
    private readonly ReadNotes notes = new();
    private readonly Dictionary<string, int> labelled = new(StringComparer.OrdinalIgnoreCase);
    private readonly int header;
    private readonly int firstAssessment;

    public static bool Recognises(Table table) => table[0, 0].Equals(FirstCell, StringComparison.OrdinalIgnoreCase);

    public static Gradebook Read(Table table) => new ProvostCsvFormat(table).Read();

    private ProvostCsvFormat(Table table)
    {
        this.table = table;
        if (table[0, 1] is var version && version != ProvostCsvGrammar.Version)
            throw new GradebookError($"This file is version \"{version}\" of the Provost CSV; this release reads version {ProvostCsvGrammar.Version}", "Write it again as version 1.", 1);
        header = -1;
        for (var row = 0; row < table.Rows.Count; row++)
        {
            if (table[row, 0].StartsWith('#'))
                Label(row);
            else if (header < 0 && !table.IsBlank(row))
                header = row;
        }
        if (header < 0)
            throw new GradebookError("The header row is missing", $"After the # lines, write a row with {string.Join(", ", StudentColumns)} and the assessments' names.", table.LineOf(0));
        firstAssessment = StudentColumnCount();
    }

    private void Label(int row)
    {
        string[] known = [FirstCell, Course, AsOf, Start, Id, Max, Weight, Due, Kind, Extra];
        var label = table[row, 0];
        if (!known.Contains(label, StringComparer.OrdinalIgnoreCase))
            throw new GradebookError($"\"{label}\" is not a line of the Provost CSV", $"Use one of {string.Join(", ", known)}; put an apostrophe before an id that starts with #.", table.LineOf(row), "1");
        if (!labelled.TryAdd(label, row))
            throw new GradebookError($"\"{label}\" appears twice", "Keep one of the two lines.", table.LineOf(row), "1");
    }

    private int StudentColumnCount()
    {
        var count = 0;
        while (count < table.Rows[header].Cells.Length && StudentColumns.Contains(table[header, count].ToLowerInvariant())
            && Enumerable.Range(0, count).All(c => !table[header, c].Equals(table[header, count], StringComparison.OrdinalIgnoreCase)))
            count++;
        if (!Enumerable.Range(0, count).Any(c => table[header, c].Equals("id", StringComparison.OrdinalIgnoreCase)))
            throw new GradebookError("The header has no column \"id\"", $"Start the header with {string.Join(", ", StudentColumns)}; only id is required.", table.LineOf(header));
        if (table.Rows[header].Cells.Length == count)
            throw new GradebookError("The header names no assessment", "Add one column per assessment after the student columns.", table.LineOf(header));
        return count;
    }

    private Gradebook Read()
    {
        var assessments = Assessments();
        var students = new List<GradebookStudent>();
        var cells = new List<Cell>();
        var lines = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var row = header + 1; row < table.Rows.Count; row++)
        {
            if (table.IsBlank(row) || table[row, 0].StartsWith('#'))
                continue;
            var student = ReadStudent(row);
            if (!lines.TryAdd(student.SourceId, table.LineOf(row)))
                throw new GradebookError($"The student \"{student.SourceId}\" appears twice (lines {lines[student.SourceId]} and {table.LineOf(row)})", "Remove one of the rows or correct its id.", table.LineOf(row), "id");
            students.Add(student);
            for (var j = 0; j < assessments.Count; j++)
                cells.Add(ReadCell(row, j, assessments[j]));
        }
        if (students.Count == 0)
            throw new GradebookError("The file has a header but no students", "Add one row per student below the header.", table.LineOf(header));
        return new Gradebook("provost", table.Encoding, table.Delimiter, OrNull(Unprotect(Text(Course, 1))), assessments, students, [.. cells], AsOfDay(),
            notes.Guesses, [], notes.Warnings);
    }

    private List<Assessment> Assessments()
    {
        var ids = new UniqueIds();
        var assessments = new List<Assessment>();
        var (noMax, noWeight) = (new List<string>(), new List<string>());
        for (var column = firstAssessment; column < table.Rows[header].Cells.Length; column++)
        {
            var name = Unprotect(table[header, column]);
            if (name.Length == 0)
                throw new GradebookError("An assessment has no name", "Name every column of the header, or remove it.", table.LineOf(header), Column(column));
            var max = NumberIn(Max, column);
            if (max is null)
                noMax.Add(name);
            if (max is <= 0)
                throw new GradebookError($"The maximum of \"{name}\" must be above 0", "Write the points for full marks.", LineOf(Max), name);
            var weight = NumberIn(Weight, column);
            if (weight is null)
                noWeight.Add(name);
            if (weight is < 0)
                throw new GradebookError($"The weight of \"{name}\" is negative", "Write 0 for an assessment that does not count.", LineOf(Weight), name);
            var id = Unprotect(Text(Id, column));
            assessments.Add(new Assessment(ids.Next(id.Length > 0 ? id : CellText.Slug(name)), name, max ?? 100, weight ?? max ?? 100,
                DueDay(column, name), Unprotect(Text(Kind, column)), Text(Extra, column).ToLowerInvariant() is "yes" or "true" or "1" or "x"));
        }
        if (noMax.Count > 0)
            notes.Guess($"No {Max} is given for {ReadNotes.Names(noMax)}: 100");
        if (noWeight.Count > 0)
            notes.Guess($"No {Weight} is given for {ReadNotes.Names(noWeight)}: weighed by points");
        return assessments;
    }

    private GradebookStudent ReadStudent(int row)
    {
        var id = StudentText(row, "id");
        if (id is null)
            throw new GradebookError("A student has no id", "Give every row an id.", table.LineOf(row), "id");
        var result = StudentText(row, "result");
        if (result is not null && !Enum.TryParse<FinalResult>(result, ignoreCase: true, out _) || result is not null && char.IsAsciiDigit(result[0]))
            throw new GradebookError($"\"{result}\" is not a final result", "Use pass, distinction, fail, withdrawn or nothing.", table.LineOf(row), "result");
        var unregistered = StudentText(row, "unregistered");
        if (unregistered is not null && Number(unregistered) is null)
            throw new GradebookError($"\"{unregistered}\" is not a day", "Write the days since the course's start, or nothing.", table.LineOf(row), "unregistered");
        var name = StudentText(row, "name") ?? id;
        if (CellText.LooksLikeFormula(name))
            notes.Warn($"Line {table.LineOf(row)}: the name \"{name}\" looks like a spreadsheet formula; it is kept as text and never run");
        return new GradebookStudent(id, name, StudentText(row, "email"), StudentText(row, "login"), StudentText(row, "section"),
            result is null ? null : Enum.Parse<FinalResult>(result, ignoreCase: true), unregistered is null ? null : Number(unregistered));
    }

    private string? StudentText(int row, string name)
    {
        for (var column = 0; column < firstAssessment; column++)
            if (table[header, column].Equals(name, StringComparison.OrdinalIgnoreCase))
                return OrNull(Unprotect(table[row, column]));
        return null;
    }

    private Cell ReadCell(int row, int j, Assessment assessment)
    {
        var text = table[row, firstAssessment + j];
        return ProvostCsvCell.Read(text, assessment.MaxScore) ?? throw new GradebookError(
            $"\"{text}\" is not a cell", "Write points (8.5), per cent (85%), missing, excused, pending or nothing; then, if known, the day of submission (8.5 on 13).", table.LineOf(row), assessment.Name);
    }

    private double? DueDay(int column, string name)
    {
        var text = Text(Due, column);
        if (text.Length == 0)
            return null;
        if (Number(text) is { } day)
            return day;
        var start = DateText.Parse(Text(Start, 1));
        if (DateText.Parse(text) is { } date && start is { } first)
            return date.DayNumber - first.DayNumber;
        throw new GradebookError($"\"{text}\" is not a due day", $"Write the days since the course's start, or a date like 2026-09-14 together with a line {Start},2026-09-01.", LineOf(Due), name);
    }

    private double? AsOfDay()
    {
        var text = Text(AsOf, 1);
        if (text.Length == 0)
            return null;
        return Number(text) ?? throw new GradebookError($"\"{text}\" is not a day", "Write the days since the course's start.", LineOf(AsOf), "2");
    }

    private double? NumberIn(string label, int column)
    {
        var text = Text(label, column);
        return text.Length == 0 ? null
            : Number(text) ?? throw new GradebookError($"\"{text}\" is not a number", "Write numbers with a decimal point.", LineOf(label), table[header, column]);
    }

    private string Text(string label, int column) => labelled.TryGetValue(label, out var row) ? table[row, column] : "";

    private long? LineOf(string label) => labelled.TryGetValue(label, out var row) ? table.LineOf(row) : null;

    private static string? OrNull(string text) => text.Length > 0 ? text : null;

    private static string Column(int column) => (column + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
