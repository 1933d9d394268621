using Provost.Runbooks.Operator;

namespace Provost.Runbooks.Up;

/// <summary>The demonstration course and one account for each role in it.</summary>
internal static class Demonstration
{
    // Stand in the demonstration gradebook: a section, and a student of another one.
    private const string Section = "A";
    private const string Student = "demo-002";

    public static IReadOnlyList<string> Users { get; } = ["professor", "ta", "student", "admin"];

    public static async Task LoadAsync(OperatorClient platform, CancellationToken cancellation)
    {
        var course = await platform.LoadDemonstrationAsync(cancellation);
        AccountRequest[] accounts =
        [
            new("professor", "Professor", course.Name, null, null),
            new("ta", "TA", course.Name, [Section], null),
            new("student", "Student", course.Name, null, Student),
            new("admin", "Admin", null, null, null),
        ];
        foreach (var account in accounts)
        {
            await platform.AddAccountAsync(account, cancellation);
        }
    }

    /// <summary>A fresh one-time link for each account.</summary>
    public static async Task<IReadOnlyList<SignIn>> LinksAsync(OperatorClient platform, CancellationToken cancellation)
    {
        List<SignIn> links = [];
        foreach (var user in Users)
        {
            links.Add(await platform.LinkAsync(user, cancellation));
        }
        return links;
    }
}
