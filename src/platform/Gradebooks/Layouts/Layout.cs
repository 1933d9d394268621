namespace Provost.Gradebooks.Layouts;

/// <summary>What a format makes of a table: where the students are and what each column means. Cells are read the same way for all formats.</summary>
/// <param name="Format">As in <see cref="Gradebook.Format"/>.</param>
/// <param name="StudentRows">Rows of the table, in order.</param>
/// <param name="Columns">One plan per column that has a name or a value.</param>
internal sealed record Layout(string Format, IReadOnlyList<int> StudentRows, IReadOnlyList<ColumnPlan> Columns, ReadNotes Notes)
{
    /// <summary>Takes a cell apart that names several sections.</summary>
    public Func<string, IReadOnlyList<string>> SectionsIn { get; init; } = text => [text];
}
