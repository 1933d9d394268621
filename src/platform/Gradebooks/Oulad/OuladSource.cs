namespace Provost.Gradebooks.Oulad;

/// <summary>Where the tables of an OULAD folder come from: a directory or a zip.</summary>
/// <param name="Open">Opens courses.csv and the others; null when the folder has no such table.</param>
internal sealed record OuladSource(Func<string, Stream?> Open)
{
    /// <summary>The tables that are read; studentVle and vle may be there and are left alone.</summary>
    public static readonly string[] Tables = ["courses.csv", "assessments.csv", "studentInfo.csv", "studentRegistration.csv", "studentAssessment.csv"];

    public static OuladSource FromFolder(string folder)
    {
        if (!Directory.Exists(folder))
            throw new GradebookError($"The folder \"{folder}\" does not exist", "Give the folder that holds courses.csv, assessments.csv and the other OULAD tables.");
        return new OuladSource(name =>
        {
            var path = Directory.EnumerateFiles(folder).FirstOrDefault(file => Path.GetFileName(file).Equals(name, StringComparison.OrdinalIgnoreCase));
            return path is null ? null : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.Asynchronous | FileOptions.SequentialScan);
        });
    }
}
