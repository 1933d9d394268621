namespace Provost.Analytics.Cells;

/// <summary>One gradable thing of a course.</summary>
/// <param name="Id">Stable within the course: the source system's id, or a slug of the name.</param>
/// <param name="Name">As the teacher wrote it.</param>
/// <param name="MaxScore">Points for full marks; above 0.</param>
/// <param name="Weight">Share of the final mark in any unit; weights are normalised where they are used. 0 = does not count.</param>
/// <param name="DueDay">Due date in days relative to the course's start; null when unknown.</param>
/// <param name="Kind">Quiz, exam, homework ...: what the type analyses group by; empty when unknown.</param>
/// <param name="ExtraCredit">Adds to the mark without adding to what can be reached.</param>
public sealed record Assessment(
    string Id,
    string Name,
    double MaxScore,
    double Weight,
    double? DueDay = null,
    string Kind = "",
    bool ExtraCredit = false);
