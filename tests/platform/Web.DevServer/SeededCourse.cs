using Provost.Analytics.Cells;

namespace Provost.Web.DevServer;

/// <summary>A synthetic course: latent abilities, weekly work, some who stop, one broken item, some work not graded yet.</summary>
internal static class SeededCourse
{
    private static readonly string[] First =
        ["Amara", "Ben", "Chloe", "Deniz", "Elif", "Farid", "Grace", "Hana", "Ivan", "Jia", "Kofi", "Lena", "Mateo", "Nadia", "Oskar", "Priya", "Quinn", "Rosa", "Samir", "Tara", "Uma", "Viktor", "Wen", "Yara", "Zoë"];

    private static readonly string[] Last =
        ["Adeyemi", "Bauer", "Castillo", "Dubois", "Eriksen", "Fischer", "García", "Haddad", "Ito", "Jensen", "Kowalski", "Lindqvist", "Moreau", "Novak", "Okafor", "Petrov", "Rossi", "Schneider", "Tanaka", "van den Berg"];

    public static string NameOf(int student) => $"{First[student % First.Length]} {Last[(student * 7 + student / 25) % Last.Length]}";

    public static string KeyOf(int student) => $"s{student + 1:000}";

    public static string SectionOf(int student) => ((char)('A' + (student % 5))).ToString();

    /// <param name="students">n.</param>
    /// <param name="weeks">One quiz a week, homework every second week, an exam in the middle and at the end.</param>
    /// <param name="today">Day of the course.</param>
    /// <param name="seed">The same seed makes the same course.</param>
    public static CellGrid Build(int students, int weeks, double today, int seed)
    {
        var random = new Random(seed);
        var assessments = Plan(weeks);
        var cells = new Cell[students * assessments.Count];
        for (var student = 0; student < students; student++)
        {
            var ability = 68 + (Normal(random) * 13);
            var stops = random.NextDouble() < 0.16 ? 14 + (random.NextDouble() * 60) : double.MaxValue;
            var tardy = random.NextDouble() < 0.15 ? 0.55 : 0.06;
            var drift = Normal(random) * 0.35;
            for (var item = 0; item < assessments.Count; item++)
                cells[(student * assessments.Count) + item] = CellOf(random, assessments[item], item, ability + (drift * item), stops, tardy, today);
        }

        return new CellGrid([.. Enumerable.Range(0, students).Select(KeyOf)], assessments, cells, today);
    }

    private static List<Assessment> Plan(int weeks)
    {
        List<Assessment> plan = [];
        for (var week = 1; week <= weeks; week++)
        {
            plan.Add(new Assessment($"quiz-{week}", $"Quiz {week}", 10, 2, (week * 7) - 2, "Quiz"));
            if (week % 2 == 0) plan.Add(new Assessment($"homework-{week / 2}", $"Homework {week / 2}", 20, 4, (week * 7) + 1, "Homework"));
            if (week == weeks / 2) plan.Add(new Assessment("midterm", "Midterm exam", 60, 20, (week * 7) + 2, "Exam"));
        }

        plan.Add(new Assessment("final", "Final exam", 100, 30, (weeks * 7) + 9, "Exam"));
        return plan;
    }

    private static Cell CellOf(Random random, Assessment assessment, int item, double level, double stops, double tardy, double today)
    {
        var due = assessment.DueDay!.Value;
        var noise = Normal(random) * 11;
        var (late, lag, missed, excused) = (random.NextDouble() < tardy, random.NextDouble() * 3, random.NextDouble() < 0.03, random.NextDouble() < 0.008);
        if (due > today) return Cell.NotDue;
        if (excused) return Cell.Excused;
        if (due > stops || missed) return Cell.Missing;
        var day = late ? due + 0.3 + (lag * 0.5) : due - 0.05 - lag;
        if (due > today - 6 && random.NextDouble() < 0.4) return Cell.Pending(day);
        // Quiz 4 has a wrong key: the better the student, the worse the mark. Quiz 7 is a lottery.
        var score = assessment.Id switch
        {
            "quiz-4" => 120 - level + noise,
            "quiz-7" => 55 + (noise * 2),
            _ => level + noise + Difficulty(item),
        };
        return Cell.Graded(Math.Round(Math.Clamp(score, 0, 100) * assessment.MaxScore / 100) * 100 / assessment.MaxScore, day);
    }

    private static double Difficulty(int item) => ((item * 37) % 19) - 9;

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
