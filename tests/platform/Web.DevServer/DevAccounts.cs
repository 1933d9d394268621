using Provost.Contracts;

namespace Provost.Web.DevServer;

/// <summary>Who can sign in.</summary>
internal static class DevAccounts
{
    public const string Password = "correct horse battery";

    /// <summary>Exactly 10 students in section B: what the TA sees.</summary>
    public const string Section = "B";

    public static List<AccountView> All(DateTimeOffset now) =>
    [
        new("professor", false,
        [
            new("statistics", "Introduction to Statistics", Role.Professor, [], null),
            new("seminar", "Seminar on Inference", Role.Professor, [], null),
            new("empty", "Experimental Design", Role.Professor, [], null),
        ], now.AddDays(-200), now.AddMinutes(-5)),
        new("ta", false, [new("statistics", "Introduction to Statistics", Role.TA, [Section], null)], now.AddDays(-90), now.AddHours(-3)),
        new("student", false, [new("statistics", "Introduction to Statistics", Role.Student, [], "s004")], now.AddDays(-80), now.AddDays(-2)),
        new("admin", true, [], now.AddDays(-300), now.AddMinutes(-30)),
        new("newcomer", false, [], now.AddDays(-1), null),
    ];
}
