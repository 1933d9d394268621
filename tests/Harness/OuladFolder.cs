namespace Provost.Harness;

/// <summary>A small folder with the OULAD tables: a few assessments, a third of the students fail.</summary>
public sealed class OuladFolder : IDisposable
{
    private const int Assessments = 4;

    private OuladFolder(string path) => Path = path;

    public string Path { get; }

    /// <param name="kind">Of every assessment: TMA, CMA or Exam.</param>
    /// <param name="students">In each presentation.</param>
    /// <param name="presentations">Such as "AAA 2013J".</param>
    public static OuladFolder Make(string kind, int students, params string[] presentations)
    {
        var folder = new OuladFolder(Directory.CreateTempSubdirectory("provost-oulad-").FullName);
        var courses = presentations.Select((name, p) => (Code: name.Replace(' ', ','), First: 100 * (p + 1))).ToArray();
        var rows = courses.SelectMany(course => Enumerable.Range(0, students).Select(i => (course.Code, Id: (course.First * 100) + i, Number: i, course.First))).ToArray();
        folder.Write("courses", "code_module,code_presentation,module_presentation_length", courses.Select(course => $"{course.Code},240"));
        folder.Write("assessments", "code_module,code_presentation,id_assessment,assessment_type,date,weight",
            courses.SelectMany(course => Enumerable.Range(0, Assessments).Select(j => $"{course.Code},{course.First + j},{kind},{20 + (40 * j)},25")));
        folder.Write("studentInfo", "code_module,code_presentation,id_student,gender,region,highest_education,imd_band,age_band,num_of_prev_attempts,studied_credits,disability,final_result",
            rows.Select(row => $"{row.Code},{row.Id},F,X,X,X,0-35,0,60,N,{(row.Number % 3 == 0 ? "Fail" : "Pass")}"));
        folder.Write("studentRegistration", "code_module,code_presentation,id_student,date_registration,date_unregistration", rows.Select(row => $"{row.Code},{row.Id},-20,"));
        folder.Write("studentAssessment", "id_assessment,id_student,date_submitted,is_banked,score",
            rows.SelectMany(row => Enumerable.Range(0, Assessments).Select(j => $"{row.First + j},{row.Id},{18 + (40 * j)},0,{40 + (row.Number % 12 * 4) + j}")));
        return folder;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private void Write(string table, string header, IEnumerable<string> rows) => File.WriteAllLines(System.IO.Path.Combine(Path, table + ".csv"), rows.Prepend(header));
}
