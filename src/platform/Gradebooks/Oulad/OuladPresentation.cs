using Provost.Analytics.Cells;

namespace Provost.Gradebooks.Oulad;

/// <summary>One module presentation while its tables are read.</summary>
internal sealed class OuladPresentation(string module, string presentation, double length)
{
    private readonly List<(string Id, string Type, double? Date, double Weight)> items = [];
    private readonly Dictionary<string, int> columns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> rows = new(StringComparer.Ordinal);
    private readonly List<GradebookStudent> students = [];
    private Cell[] cells = [];
    private bool[] seen = [];
    private bool[] graded = [];

    public string Name => $"{module} {presentation}";

    public int Unscored { get; private set; }

    public int Repeated { get; private set; }

    public bool AddAssessment(string id, string type, double? date, double weight)
    {
        if (items.Exists(item => item.Id == id))
            return false;
        items.Add((id, type, date, weight));
        return true;
    }

    public bool AddStudent(string id, FinalResult? result)
    {
        if (!rows.TryAdd(id, students.Count))
            return false;
        students.Add(new GradebookStudent(id, id, FinalResult: result));
        return true;
    }

    public bool SetUnregistered(string student, double? day)
    {
        if (!rows.TryGetValue(student, out var row))
            return false;
        students[row] = students[row] with { UnregisteredDay = day };
        return true;
    }

    /// <summary>After assessments and students, before results: the order of columns is fixed by due day, exams last.</summary>
    public void Arrange()
    {
        items.Sort((a, b) => (DueDay(a.Date), a.Type == "Exam", a.Id.Length, a.Id).CompareTo((DueDay(b.Date), b.Type == "Exam", b.Id.Length, b.Id)));
        for (var j = 0; j < items.Count; j++)
            columns[items[j].Id] = j;
        cells = new Cell[students.Count * items.Count];
        seen = new bool[cells.Length];
        graded = new bool[items.Count];
    }

    // The exam's date may be missing: it is at the end of the presentation.
    private double DueDay(double? date) => date ?? length;

    /// <summary>False when the presentation does not know the student.</summary>
    public bool AddResult(string assessment, string student, double? submitted, bool banked, double? score)
    {
        if (!rows.TryGetValue(student, out var row))
            return false;
        var column = columns[assessment];
        var index = row * items.Count + column;
        var cell = score is { } value
            ? new Cell(CellState.Graded, value, submitted, banked)
            : new Cell(CellState.Pending, double.NaN, submitted, banked);
        Unscored += score is null ? 1 : 0;
        if (seen[index])
        {
            if (!cells[index].Equals(cell))
                throw new GradebookError($"studentAssessment.csv has two different results of student {student} in assessment {assessment}", "Keep one of them.");
            Repeated++;
        }
        (cells[index], seen[index], graded[column]) = (cell, true, true);
        return true;
    }

    /// <summary>Nothing submitted: missing when it was due before the end and before the student left, else not due.</summary>
    public void FillBlanks()
    {
        for (var i = 0; i < students.Count; i++)
            for (var j = 0; j < items.Count; j++)
                if (!seen[i * items.Count + j])
                    cells[i * items.Count + j] = IsMissing(students[i], j) ? Cell.Missing : Cell.NotDue;
    }

    private bool IsMissing(GradebookStudent student, int j)
    {
        var due = DueDay(items[j].Date);
        return graded[j] && due <= length && (student.UnregisteredDay is not { } left || left > due);
    }

    public Gradebook ToGradebook(string encoding, string delimiter, IReadOnlyList<string> warnings)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var assessments = items.ConvertAll(item => new Assessment(item.Id, NameOf(item.Type, numbers), 100, item.Weight, DueDay(item.Date), item.Type));
        return new Gradebook("oulad", encoding, delimiter, Name, assessments, students, cells, length, Guesses(), [], warnings);
    }

    private string NameOf(string type, Dictionary<string, int> numbers)
    {
        numbers[type] = numbers.GetValueOrDefault(type) + 1;
        return items.Count(item => item.Type == type) == 1 ? type : $"{type} {numbers[type]}";
    }

    private List<string> Guesses()
    {
        List<string> guesses = ["Assessments have no names in OULAD: they are numbered by type in order of their date"];
        if (items.Exists(item => item.Date is null))
            guesses.Add($"An assessment without a date is due at the presentation's end, day {length:0}");
        if (Array.Exists(graded, any => !any))
            guesses.Add($"Nobody has a result in {string.Join(", ", items.Where((_, j) => !graded[j]).Select(item => $"{item.Type} {item.Id}"))}: not due");
        if (items.TrueForAll(item => item.Weight == 0 || item.Type == "Exam"))
            guesses.Add("All weights of the coursework are 0");
        if (Unscored > 0)
            guesses.Add($"{Unscored} results were submitted and have no score: pending");
        return guesses;
    }
}
