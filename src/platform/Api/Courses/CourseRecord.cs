using System.Text.Json;
using System.Text.Json.Serialization;
using Provost.Contracts;

namespace Provost.Api.Courses;

/// <summary>What is remembered of a course outside its facts. The commit point of an import is the replacement of this record.</summary>
internal sealed record CourseRecord
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>Data version as users see it: grows with every change of the course's data. 0 = nothing imported yet.</summary>
    public long Version { get; init; }

    /// <summary>Which rows of the facts are the course's: the version that they were written under. 0 = none.</summary>
    public long Snapshot { get; init; }

    /// <summary>Number of the last live message.</summary>
    public long Sequence { get; init; }

    public bool Demonstration { get; init; }

    public int Students { get; init; }

    public int Assessments { get; init; }

    /// <summary>Day that the data describe when the course has no start date.</summary>
    public double? AsOfDay { get; init; }

    /// <summary>Keyed digest of the content: equal content is not imported twice.</summary>
    public string Digest { get; init; } = "";

    public DateTimeOffset? LastImport { get; init; }

    /// <summary>True when the data say how the course ended for its students.</summary>
    public bool Finished { get; init; }

    public CourseSettings Settings { get; init; } = Defaults;

    /// <summary>Marks the writer of this record: tells a writer whose answer was lost that it had succeeded.</summary>
    public string Commit { get; init; } = "";

    /// <summary>What a neighbouring release wrote and this one does not know: kept as it is.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }

    /// <summary>Compare-and-set counter; stands beside the record, not in it.</summary>
    [JsonIgnore]
    public long Revision { get; init; }

    [JsonIgnore]
    public bool IsEmpty => Snapshot == 0;

    public static CourseSettings Defaults { get; } = new(0.2, MissingCountsZero: true, GraceDays: 0, Start: null);

    public CourseSummary For(Role role) => new(Id, Name, role, Students, Assessments, Version, LastImport, Demonstration, Sequence);

    /// <summary>The day that insights describe: today for a course with a start date, else the day of its data.</summary>
    public double AsOf(TimeProvider time) =>
        Settings.Start is { } start ? DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).DayNumber - start.DayNumber : AsOfDay ?? 0;
}
