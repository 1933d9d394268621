using Provost.Gradebooks;
using Provost.Harness;

namespace Provost.Platform.Bench;

/// <summary>The OULAD folder, where it lies beside the checkout.</summary>
internal static class Oulad
{
    private const int Presentations = 15;
    private const int Results = 121_738;

    private static readonly string Folder = Environment.GetEnvironmentVariable("PROVOST_OULAD") ?? Path.Combine(Repository.Root, "../shared/data/oulad");

    public static async Task MeasureAsync(Installation installation, FigureTable table)
    {
        const string name = "import of the OULAD folder: 121,738 results, 15 presentations";
        if (!Directory.Exists(Folder))
        {
            table.NotMeasured(name, "s", bar: 20);
            return;
        }
        MustBe(Results, File.ReadLines(Path.Combine(Folder, "studentAssessment.csv")).Count() - 1, "results in the folder");
        var reader = await Timed.OnceAsync(async () => MustBe(Presentations, (await GradebookReader.ReadFolderAsync(Folder)).Count, "presentations read"));
        var import = await Timed.OnceAsync(async () =>
            MustBe(Presentations, (await installation.JsonAsync("import", Folder, "--course", "OULAD")).EnumerateArray().Count(report => report.GetProperty("changed").GetBoolean()), "courses imported"));
        table.Add(name, import.TotalSeconds, "s", bar: 20, ("GradebookReader alone", reader.TotalSeconds));
    }

    private static void MustBe(int expected, int found, string what)
    {
        if (found != expected)
            throw new InvalidOperationException($"{found} {what} instead of {expected}: these are other data than the figure is about");
    }
}
