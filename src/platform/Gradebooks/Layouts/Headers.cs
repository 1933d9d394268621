using Provost.Gradebooks.Tables;

namespace Provost.Gradebooks.Layouts;

/// <summary>What all formats know about headers.</summary>
internal static class Headers
{
    /// <summary>The plan of a column that describes the student or is known not to be an assessment; null when it may be one.</summary>
    public static ColumnPlan? Known(int index, string header)
    {
        if (header.Length == 0)
            return null;
        if (StudentWords.RoleOf(header.TrimStart('#')) is { } role)
            return new ColumnPlan(index, header, role);
        if (StudentWords.ReasonToIgnore(header) is { } reason)
            return ColumnPlan.Ignore(index, header, reason);
        return null;
    }

    public static IEnumerable<int> RowsFrom(Table table, int first) => Enumerable.Range(first, Math.Max(0, table.Rows.Count - first));

    /// <summary>A lone "Nom", "Nome" or "Nombre" is the whole name; two columns share it otherwise.</summary>
    public static IReadOnlyList<ColumnPlan> WholeNames(IReadOnlyList<ColumnPlan> columns)
    {
        var first = columns.Any(column => column.Role == ColumnRole.FirstName);
        var last = columns.Any(column => column.Role == ColumnRole.LastName);
        return first == last ? columns
            : [.. columns.Select(c => c.Role is ColumnRole.FirstName or ColumnRole.LastName ? c with { Role = ColumnRole.FullName } : c)];
    }

    public static bool SaysExtraCredit(string name) =>
        name.Contains("extra credit", StringComparison.OrdinalIgnoreCase) || name.Contains("extracredit", StringComparison.OrdinalIgnoreCase)
        || name.Contains("bonus", StringComparison.OrdinalIgnoreCase);
}
