using Provost.Analytics.Cells;
using Provost.Gradebooks;

namespace Provost.Api.Demonstration;

/// <summary>
/// A synthetic course, the same on every machine: 120 invented students in three sections, 24 assessments over 14 weeks, seen
/// on day 66. It has what real courses have: those who stop, decline, start late or hand in late, a question with a wrong
/// key, extra credit, excused and ungraded work.
/// </summary>
internal static class DemonstrationGradebook
{
    public const string Course = "Demonstration 101";
    public const double Today = 66;

    private const int Seed = 20260901;
    private const int StudentCount = 120;
    private const double GradingDays = 6;
    private const string WrongKey = "quiz-4";

    private static readonly string[] First =
    [
        "Aster", "Bramble", "Clover", "Dahlia", "Elder", "Fennel", "Ginger", "Hazel", "Indigo", "Juniper",
        "Kale", "Lavender", "Maple", "Nettle", "Olive", "Pepper", "Quince", "Rowan", "Saffron", "Thyme",
    ];

    private static readonly string[] Last = ["Example", "Sampleton", "Mockwell", "Placeholder", "Specimen", "Testerly"];

    private enum Habit { Steady, Strong, Declining, Stopped, LateStarter, HandsInLate }

    private sealed record Person(Habit Habit, double Ability, double Turn);

    public static Gradebook Make()
    {
        var random = new Random(Seed);
        var assessments = Assessments();
        var people = Enumerable.Range(0, StudentCount).Select(i => Somebody(random, i)).ToArray();
        var cells = new Cell[StudentCount * assessments.Length];
        for (var i = 0; i < StudentCount; i++)
            for (var j = 0; j < assessments.Length; j++)
                cells[(i * assessments.Length) + j] = Work(random, people[i], assessments[j]);

        return new Gradebook(
            "provost", "UTF-8", ",", Course, assessments, [.. Enumerable.Range(0, StudentCount).Select(Student)], cells, Today,
            ["Everything in this course is invented"], [], []);
    }

    private static Assessment[] Assessments() =>
    [
        .. new Assessment[]
        {
            new("midterm-1", "Midterm 1", 100, 12, 33, "Exam"),
            new("midterm-2", "Midterm 2", 100, 12, 68, "Exam"),
            new("project", "Project", 60, 12, 89, "Project"),
            new("bonus", "Bonus puzzle", 10, 2, 47, "Homework", ExtraCredit: true),
            new("final", "Final exam", 100, 20, 97, "Exam"),
        }
        .Concat(Enumerable.Range(1, 11).Select(week => new Assessment($"quiz-{week}", $"Quiz {week}", 10, 1.5, (week * 8) - 2, "Quiz")))
        .Concat(Enumerable.Range(1, 8).Select(week => new Assessment($"homework-{week}", $"Homework {week}", 20, 3.4, week * 11, "Homework")))
        .OrderBy(assessment => assessment.DueDay),
    ];

    private static GradebookStudent Student(int i) => new(
        $"demo-{i + 1:000}", $"{First[i % First.Length]} {Last[i / First.Length % Last.Length]}", $"demo-{i + 1:000}@example.edu",
        $"demo{i + 1:000}", Section: "ABC"[i % 3].ToString());

    private static Person Somebody(Random random, int i)
    {
        var habit = (i * 37 % StudentCount) switch
        {
            < 12 => Habit.Stopped,
            < 26 => Habit.Declining,
            < 34 => Habit.LateStarter,
            < 44 => Habit.HandsInLate,
            < 62 => Habit.Strong,
            _ => Habit.Steady,
        };
        var ability = habit switch { Habit.Strong => 90, Habit.Stopped => 58, Habit.Declining => 74, _ => 72 } + (Bell(random) * 7);
        return new Person(habit, ability, 18 + (random.NextDouble() * 30));
    }

    private static Cell Work(Random random, Person person, Assessment assessment)
    {
        var due = assessment.DueDay!.Value;
        var (luck, chance, lag) = (Bell(random), random.NextDouble(), random.NextDouble());
        if (due > Today)
            return Cell.NotDue;
        if (chance < 0.008)
            return Cell.Excused;
        if (Skips(person, assessment, due, chance))
            return Cell.Missing;
        var submitted = due + Lateness(person, assessment, chance, lag);
        if (submitted > Today)
            return Cell.Missing;
        return submitted > Today - GradingDays && assessment.Kind != "Quiz"
            ? Cell.Pending(submitted)
            : Cell.Graded(Score(person, assessment, due, luck), submitted);
    }

    private static bool Skips(Person person, Assessment assessment, double due, double chance) => person.Habit switch
    {
        Habit.Stopped when due > person.Turn => chance < 0.93,
        Habit.LateStarter when due < 21 => chance < 0.75,
        Habit.Declining => chance < 0.04 + (due / Today * 0.2),
        _ when assessment.ExtraCredit => chance < 0.55,
        Habit.Strong => chance < 0.015,
        _ => chance < 0.05,
    };

    // Days, to the quarter of an hour; exams and quizzes are sat when they are held.
    private static double Lateness(Person person, Assessment assessment, double chance, double lag)
    {
        if (assessment.Kind is "Exam" or "Quiz")
            return 0;
        var late = chance > (person.Habit == Habit.HandsInLate ? 0.35 : 0.92);
        return Math.Round((late ? 0.1 + (lag * 3) : -lag * lag * 2.5) * 96) / 96;
    }

    private static double Score(Person person, Assessment assessment, double due, double luck)
    {
        var level = person.Habit == Habit.Declining ? person.Ability - (due * 0.55) : person.Ability;
        level += assessment.Kind switch { "Exam" => -7, "Homework" => 4, _ => 0 };
        if (assessment.Id == WrongKey)
            level = 118 - level;
        var percent = Math.Clamp(level + (luck * 8), 0, 100);
        return Math.Round(percent * assessment.MaxScore / 100 * 2) / 2 * 100 / assessment.MaxScore;
    }

    // Irwin-Hall of 12: near enough to a normal, and the same digits on every machine.
    private static double Bell(Random random)
    {
        var sum = -6.0;
        for (var i = 0; i < 12; i++)
            sum += random.NextDouble();
        return sum;
    }
}
