using System.CommandLine;
using Provost.Cli.Output;
using Provost.Runbooks.Operator;

namespace Provost.Cli.Commands;

/// <summary>provost user add|list|remove|link: accounts, and one-time links to sign in with.</summary>
internal static class UserCommand
{
    private static readonly Argument<string> User = new("NAME") { Description = "Account name: letters, digits and . _ - @" };
    private static readonly Option<string> Role = new("--role") { Description = "professor, ta, student or admin", HelpName = "ROLE", Required = true };
    private static readonly Option<string?> Course = new("--course") { Description = "The course; administrators take none", HelpName = "NAME" };
    private static readonly Option<string[]> Sections = new("--section") { Description = "For a TA: a section that he or she sees; may be repeated", HelpName = "SECTION" };
    private static readonly Option<string?> Student = new("--student") { Description = "For a student: id or e-mail as it stands in the gradebook", HelpName = "ID" };

    public static Command Create()
    {
        Role.AcceptOnlyFromAmong("professor", "ta", "student", "admin");
        return new Command("user", "Accounts, and one-time links to sign in with") { Add(), List(), Remove(), Link() };
    }

    private static Command Add()
    {
        var command = new Command("add", "Add an account, or a role to it; prints a one-time link") { User, Role, Course, Sections, Student };
        command.AddCluster();
        command.Does(async invocation =>
        {
            var parsed = invocation.Parsed;
            var request = new AccountRequest(
                parsed.GetRequiredValue(User), WireRole(parsed.GetRequiredValue(Role)), parsed.GetValue(Course), parsed.GetValue(Sections), parsed.GetValue(Student));
            using var platform = await invocation.OperatorAsync();
            return Print(invocation.Terminal, await platform.AddAccountAsync(request, invocation.Cancellation));
        });
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "List the accounts");
        command.AddCluster();
        command.Does(async invocation =>
        {
            using var platform = await invocation.OperatorAsync();
            var accounts = await platform.AccountsAsync(invocation.Cancellation);
            if (invocation.Terminal.Json)
            {
                invocation.Terminal.Write([.. accounts], AnswerJson.Plain.AccountArray);
                return ExitCode.Success;
            }
            foreach (var account in accounts)
            {
                var roles = account.Memberships.Select(m => $"{m.Role} in {m.CourseName}").Concat(account.IsAdmin ? ["Admin"] : []);
                invocation.Terminal.Output.WriteLine($"{account.User,-24} {string.Join(", ", roles)}");
            }
            return ExitCode.Success;
        });
        return command;
    }

    private static Command Remove()
    {
        var command = new Command("remove", "Remove an account") { User };
        command.AddCluster();
        command.Does(async invocation =>
        {
            var loaded = invocation.Load();
            using var platform = await invocation.OperatorAsync();
            await platform.RemoveAccountAsync(invocation.Parsed.GetRequiredValue(User), invocation.Cancellation);
            if (invocation.Terminal.Json)
            {
                invocation.Terminal.Write(new DoneAnswer(loaded.Installation.Name, $"removed {invocation.Parsed.GetValue(User)}"), AnswerJson.Plain.DoneAnswer);
            }
            return ExitCode.Success;
        });
        return command;
    }

    private static Command Link()
    {
        var command = new Command("link", "A new one-time link for an account") { User };
        command.AddCluster();
        command.Does(async invocation =>
        {
            using var platform = await invocation.OperatorAsync();
            return Print(invocation.Terminal, await platform.LinkAsync(invocation.Parsed.GetRequiredValue(User), invocation.Cancellation));
        });
        return command;
    }

    private static ExitCode Print(Terminal terminal, SignIn link)
    {
        if (terminal.Json)
        {
            terminal.Write(new UserAnswer(link.User, link.SignInUrl, link.Expires), AnswerJson.Plain.UserAnswer);
        }
        else
        {
            terminal.Say($"{link.User} signs in once with this link, until {link.Expires.ToLocalTime():yyyy-MM-dd HH:mm}:");
            terminal.Output.WriteLine(link.SignInUrl);
        }
        return ExitCode.Success;
    }

    private static string WireRole(string role) => role == "ta" ? "TA" : char.ToUpperInvariant(role[0]) + role[1..];
}
