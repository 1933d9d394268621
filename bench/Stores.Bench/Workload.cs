namespace Provost.Stores.Bench;

/// <summary>Two million results, as 100 courses of 500 students and 40 assessments have them, and what the platform asks of such.</summary>
internal static class Workload
{
    public const int Rows = 2_000_000;

    public const string Create = """
        CREATE TABLE results (course UInt32, student UInt32, assessment UInt32, score Nullable(Float64), submitted DateTime)
        ENGINE = MergeTree ORDER BY (course, student, assessment)
        """;

    /// <summary>The same rows on both sides: nothing random.</summary>
    public static readonly string Fill = $"""
        INSERT INTO results SELECT
            intDiv(number, 20000) AS course, course * 1000 + intDiv(number, 40) % 500 AS student, course * 100 + number % 40 AS assessment,
            if(cityHash64(number) % 9 = 0, NULL, (cityHash64(number, 1) % 1000) / 10) AS score, toDateTime(1760000000 + number % 5000000)
        FROM numbers({Rows})
        """;

    public static readonly IReadOnlyList<(string Name, string Sql)> Queries =
    [
        ("mean and spread per assessment", "SELECT assessment, count(score), avg(score), stddevSamp(score) FROM results GROUP BY assessment"),
        ("quartiles per course", "SELECT course, quantilesExact(0.25, 0.5, 0.75)(score) FROM results GROUP BY course"),
        ("missing work per student, worst 100", "SELECT student, countIf(score IS NULL) AS missing FROM results GROUP BY student ORDER BY missing DESC, student LIMIT 100"),
        ("histogram of all scores", "SELECT floor(score / 5) AS bin, count() FROM results WHERE score IS NOT NULL GROUP BY bin ORDER BY bin"),
        ("rank of every student in a course", "SELECT student, avg(score) AS mean, rank() OVER (PARTITION BY course ORDER BY mean DESC) FROM results GROUP BY course, student"),
        ("correlation of item and total", "SELECT r.assessment, corr(r.score, t.total) FROM results r INNER JOIN (SELECT student, sum(score) AS total FROM results GROUP BY student) t ON r.student = t.student GROUP BY r.assessment"),
        ("a fifth of all rows", "SELECT * FROM results WHERE course < 20"),
        ("one course, all cells", "SELECT student, assessment, score, submitted FROM results WHERE course = 42"),
    ];
}
