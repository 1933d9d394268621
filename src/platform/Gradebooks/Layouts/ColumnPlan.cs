namespace Provost.Gradebooks.Layouts;

internal enum ColumnRole { Assessment, SourceId, Login, Email, FirstName, LastName, FullName, Section, Ignored }

/// <summary>What a format says about one column of the table.</summary>
/// <param name="Index">Which column of the table.</param>
/// <param name="Name">As the teacher wrote it, without what the export adds.</param>
internal sealed record ColumnPlan(int Index, string Name, ColumnRole Role)
{
    /// <summary>Why it is not an assessment.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The source system's id; null when the file has none.</summary>
    public string? Id { get; init; }

    public double? MaxScore { get; init; }
    public double? Weight { get; init; }
    public DateOnly? DueDate { get; init; }
    public string Kind { get; init; } = "";
    public bool ExtraCredit { get; init; }

    /// <summary>Plain numbers are per cent of the maximum.</summary>
    public bool Percentages { get; init; }

    /// <summary>"Complete" is a full mark here.</summary>
    public bool Completion { get; init; }

    public static ColumnPlan Ignore(int index, string name, string reason) => new(index, name, ColumnRole.Ignored) { Reason = reason };
}
