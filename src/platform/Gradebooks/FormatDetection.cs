using Provost.Gradebooks.Blackboard;
using Provost.Gradebooks.Brightspace;
using Provost.Gradebooks.Canvas;
using Provost.Gradebooks.GoogleClassroom;
using Provost.Gradebooks.HandKept;
using Provost.Gradebooks.Layouts;
using Provost.Gradebooks.Moodle;
using Provost.Gradebooks.ProvostCsv;
using Provost.Gradebooks.Tables;

namespace Provost.Gradebooks;

/// <summary>Asks each format whether a table is its own; a hand-kept sheet is what nobody claims.</summary>
internal static class FormatDetection
{
    /// <summary>Looks at a few rows for the header: exports may have a title or blank lines above it.</summary>
    private const int HeaderRows = 12;

    public static Gradebook Read(Table table)
    {
        if (ProvostCsvFormat.Recognises(table))
            return ProvostCsvFormat.Read(table);
        return GradebookAssembly.Build(table, LayoutOf(table));
    }

    private static Layout LayoutOf(Table table)
    {
        for (var header = 0; header < Math.Min(HeaderRows, table.Rows.Count); header++)
        {
            if (BlackboardFormat.Recognises(table, header))
                return BlackboardFormat.Layout(table, header);
            if (BrightspaceFormat.Recognises(table, header))
                return BrightspaceFormat.Layout(table, header);
            if (CanvasFormat.Recognises(table, header))
                return CanvasFormat.Layout(table, header);
            if (MoodleFormat.Recognises(table, header))
                return MoodleFormat.Layout(table, header);
            if (GoogleClassroomFormat.Recognises(table, header))
                return GoogleClassroomFormat.Layout(table, header);
        }
        return HandKeptFormat.Layout(table);
    }
}
