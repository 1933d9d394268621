using Provost.Analytics.Cells;
using Provost.Api.Courses;

namespace Provost.Api.Tests.Courses;

public sealed class SnapshotTests
{
    private static readonly Snapshot Content = new(
        [new Assessment("essay", "Essay", 10, 1, DueDay: 7), new Assessment("open", "Open", 10, 1)],
        [new SnapshotStudent("ann", "A"), new SnapshotStudent("bob", "B")],
        [Cell.NotDue, Cell.NotDue, Cell.Graded(80, 8), Cell.Missing]);

    [Theory]
    [InlineData(6.9, CellState.NotDue)]
    [InlineData(7.0, CellState.NotDue)]
    [InlineData(9.0, CellState.NotDue)]
    [InlineData(9.1, CellState.Missing)]
    public void Nothing_submitted_is_missing_once_due_and_grace_have_passed(double day, CellState expected)
    {
        var grid = Content.AsOf(day, graceDays: 2);

        Assert.Equal(expected, grid[0, 0].State);
        Assert.Equal(CellState.Graded, grid[1, 0].State);
        Assert.Equal((CellState.NotDue, CellState.Missing), (grid[0, 1].State, grid[1, 1].State));
        Assert.Equal(day, grid.AsOfDay);
    }

    [Fact]
    public void Without_a_day_every_state_stays_as_the_source_stated_it() =>
        Assert.Equal(Content.Cells.Select(cell => cell.State), Enumerable.Range(0, 2).SelectMany(i => Content.AsOf(null, 0).Row(i).ToArray()).Select(cell => cell.State));

    [Fact]
    public void Merging_twice_is_merging_once_and_nothing_with_something_is_something()
    {
        var newer = new Snapshot([new Assessment("essay", "Essay", 10, 2)], [new SnapshotStudent("bob"), new SnapshotStudent("cem", "A")], [Cell.Graded(90), Cell.Pending(3)]);

        var once = Content.Merge(newer);
        var twice = once.Merge(newer);

        Assert.Equal(once.Cells, twice.Cells);
        Assert.Equal(once.Students, twice.Students);
        Assert.Equal(once.Assessments, twice.Assessments);
        Assert.Equal(0, twice.DifferencesFrom(once));
        Assert.Equal(2, once.DifferencesFrom(Content));
        Assert.Equal(Content.Cells, Snapshot.Empty.Merge(Content).Cells);
        Assert.Equal((7, 2), (once.Assessments[0].DueDay, once.Assessments[0].Weight));
        Assert.Equal(["A", "B", "A"], once.Students.Select(student => student.Section));
    }

    [Fact]
    public void A_sections_content_holds_nobody_else()
    {
        var part = Content.Of(new HashSet<string> { "B" });

        Assert.Equal(["bob"], part.Students.Select(student => student.Key));
        Assert.Equal([80d], part.Cells.Where(cell => cell.State == CellState.Graded).Select(cell => cell.Score));
        Assert.Empty(Content.Of(new HashSet<string>()).Students);
    }

    [Fact]
    public void A_student_of_two_sections_is_seen_from_both()
    {
        var shared = Content with { Students = [new SnapshotStudent("ann", "A; B"), new SnapshotStudent("bob", "B")] };

        Assert.Equal(["ann"], shared.Of(new HashSet<string> { "A" }).Students.Select(student => student.Key));
        Assert.Equal(["ann", "bob"], shared.Of(new HashSet<string> { "B" }).Students.Select(student => student.Key));
        Assert.Empty(shared.Of(new HashSet<string> { "A; B" }).Students);
    }

    [Theory]
    [InlineData("MATH 101", "math-101")]
    [InlineData("  Physik für Ärzte  ", "physik-fur-arzte")]
    [InlineData("AAA 2013J", "aaa-2013j")]
    [InlineData("../../etc", "etc")]
    public void Ids_of_courses_are_safe_and_stable(string name, string id)
    {
        Assert.Equal(id, CourseId.From(name));
        Assert.Equal(id, CourseId.From(id));
        Assert.True(CourseId.IsValid(id));
    }

    [Fact]
    public void A_name_without_a_letter_or_digit_is_refused() => Assert.Equal(422, Assert.Throws<ApiError>(() => CourseId.From("???")).Status);
}
