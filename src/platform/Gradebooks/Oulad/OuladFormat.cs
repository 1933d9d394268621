using Provost.Gradebooks.Input;
using Provost.Gradebooks.Layouts;

namespace Provost.Gradebooks.Oulad;

/// <summary>The Open University Learning Analytics Dataset: five tables become one gradebook per presentation.</summary>
internal sealed class OuladFormat
{
    private readonly Dictionary<(string Module, string Presentation), OuladPresentation> presentations = [];
    private readonly Dictionary<string, OuladPresentation> byAssessment = new(StringComparer.Ordinal);
    private readonly ReadNotes notes = new();
    private readonly OuladSource source;
    private readonly ReadLimits limits;
    private readonly IProgress<ReadProgress>? progress;
    private long bytesBefore;
    private int rows;
    private int strangers;

    private OuladFormat(OuladSource source, ReadLimits limits, IProgress<ReadProgress>? progress) =>
        (this.source, this.limits, this.progress) = (source, limits, progress);

    public static async Task<IReadOnlyList<Gradebook>> ReadAsync(OuladSource source, ReadLimits limits, IProgress<ReadProgress>? progress, CancellationToken cancellation) =>
        await new OuladFormat(source, limits, progress).ReadAsync(cancellation);

    private async Task<IReadOnlyList<Gradebook>> ReadAsync(CancellationToken cancellation)
    {
        await TableAsync("courses.csv", ["code_module", "code_presentation", "module_presentation_length"], AddCourse, cancellation);
        await TableAsync("assessments.csv", ["code_module", "code_presentation", "id_assessment", "assessment_type", "date", "weight"], AddAssessment, cancellation);
        await TableAsync("studentInfo.csv", ["code_module", "code_presentation", "id_student", "final_result"], AddStudent, cancellation);
        await TableAsync("studentRegistration.csv", ["code_module", "code_presentation", "id_student", "date_unregistration"], AddRegistration, cancellation);
        foreach (var presentation in presentations.Values)
            presentation.Arrange();
        var (encoding, delimiter) = await TableAsync(
            "studentAssessment.csv", ["id_assessment", "id_student", "date_submitted", "is_banked", "score"], AddResult, cancellation);
        foreach (var presentation in presentations.Values)
            presentation.FillBlanks();
        if (strangers > 0)
            notes.Warn($"{strangers} results belong to assessments or students that the other tables do not have; they were left out");
        return [.. presentations.Values.OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => p.ToGradebook(encoding, DelimiterGuess.NameOf(delimiter), notes.Warnings))];
    }

    private async Task<(string Encoding, char Delimiter)> TableAsync(string name, string[] columns, Action<OuladRow> take, CancellationToken cancellation)
    {
        long bytes = 0;
        var read = await OuladTable.ReadAsync(source, name, columns, limits, row =>
        {
            rows++;
            take(row);
        }, count => progress?.Report(new ReadProgress(bytesBefore + (bytes = count), rows)), cancellation);
        bytesBefore += bytes;
        return read;
    }

    private void AddCourse(OuladRow row)
    {
        var key = (row.Required(0), row.Required(1));
        var length = row.Number(2) ?? throw new GradebookError("courses.csv: a presentation has no length", "Copy the OULAD folder again.", row.Row.Line, "module_presentation_length");
        if (!presentations.TryAdd(key, new OuladPresentation(key.Item1, key.Item2, length)))
            throw new GradebookError($"courses.csv names {key.Item1} {key.Item2} twice", "Keep one of the rows.", row.Row.Line);
    }

    private void AddAssessment(OuladRow row)
    {
        var presentation = PresentationOf(row);
        var id = row.Required(2);
        if (!byAssessment.TryAdd(id, presentation) || !presentation.AddAssessment(id, row.Required(3), row.Number(4), row.Number(5) ?? 0))
            throw new GradebookError($"assessments.csv names assessment {id} twice", "Keep one of the rows.", row.Row.Line, "id_assessment");
    }

    private void AddStudent(OuladRow row)
    {
        var text = row.Text(3);
        FinalResult? result = text is "" or "?" ? null
            : Enum.TryParse<FinalResult>(text, ignoreCase: true, out var parsed) && !char.IsAsciiDigit(text[0]) ? parsed
            : throw new GradebookError($"studentInfo.csv: \"{text}\" is not a final result", "OULAD uses Pass, Distinction, Fail and Withdrawn.", row.Row.Line, "final_result");
        if (!PresentationOf(row).AddStudent(row.Required(2), result))
            throw new GradebookError($"studentInfo.csv names student {row.Required(2)} twice in one presentation", "Keep one of the rows.", row.Row.Line, "id_student");
    }

    private void AddRegistration(OuladRow row)
    {
        if (!PresentationOf(row).SetUnregistered(row.Required(2), row.Number(3)))
            notes.Warn($"studentRegistration.csv, line {row.Row.Line}: student {row.Required(2)} is not in studentInfo.csv; the row was left out");
    }

    private void AddResult(OuladRow row)
    {
        var (assessment, student) = (row.Required(0), row.Required(1));
        var known = byAssessment.TryGetValue(assessment, out var presentation)
            && presentation.AddResult(assessment, student, row.Number(2), row.Text(3) is "1" or "true", row.Number(4));
        strangers += known ? 0 : 1;
    }

    private OuladPresentation PresentationOf(OuladRow row) =>
        presentations.TryGetValue((row.Required(0), row.Required(1)), out var presentation) ? presentation
            : throw new GradebookError($"{row.Table} names {row.Required(0)} {row.Required(1)}, which courses.csv does not have", "Copy the OULAD folder again.", row.Row.Line, "code_presentation");
}
