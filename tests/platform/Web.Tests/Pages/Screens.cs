namespace Provost.Web.Tests.Pages;

/// <summary>Every page that a person can reach, as whom, and how to get there from the address.</summary>
internal sealed record Screen(string Name, string User, string Path)
{
    public const string Nobody = "";

    public static IReadOnlyList<Screen> All { get; } =
    [
        new("sign-in", Nobody, "/sign-in"),
        new("sign-in-link", Nobody, "/sign-in/some-link"),
        new("courses", "professor", "/courses"),
        new("courses-empty", "newcomer", "/courses"),
        new("overview", "professor", "/courses/statistics"),
        new("overview-small", "professor", "/courses/seminar"),
        new("overview-empty", "professor", "/courses/empty"),
        new("distributions", "professor", "/courses/statistics/distributions"),
        new("items", "professor", "/courses/statistics/items"),
        new("items-insufficient", "professor", "/courses/seminar/items"),
        new("student", "professor", "/courses/statistics/students/s003"),
        new("student-unknown", "professor", "/courses/statistics/students/nobody"),
        new("import", "professor", "/courses/statistics/import"),
        new("settings", "professor", "/courses/statistics/settings"),
        new("course-unknown", "professor", "/courses/nowhere"),
        new("account", "professor", "/account"),
        new("sections", "ta", "/courses/statistics"),
        new("standing", "student", "/courses/statistics"),
        new("admin", "admin", "/admin"),
        new("admin-accounts", "admin", "/admin/accounts"),
        new("admin-erasure", "admin", "/admin/erasure"),
        new("admin-refused", "professor", "/admin"),
        new("not-found", "professor", "/no/such/page"),
    ];

    public override string ToString() => Name;
}
