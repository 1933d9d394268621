using Provost.Contracts;

namespace Provost.Api.Accounts;

/// <summary>
/// A line in the log for everything that gives or takes access, with who did it: an administrator can make himself a professor
/// or sign in with another's link, and then it can be seen. The link itself is in no line.
/// </summary>
internal sealed partial class AccountAudit(ILogger<AccountAudit> logger)
{
    /// <param name="course">Null for an administrator.</param>
    public void Granted(string user, Role role, string? course, string by) => LogGranted(user, role, course ?? "the installation", by);

    public void Linked(string user, DateTimeOffset expires, string by) => LogLinked(user, expires, by);

    public void Removed(string user, string by) => LogRemoved(user, by);

    [LoggerMessage(EventId = 10, EventName = "AccountGranted", Level = LogLevel.Information, Message = "Account {User} was given the role {Role} in {Course} by {By}")]
    private partial void LogGranted(string user, Role role, string course, string by);

    [LoggerMessage(EventId = 11, EventName = "AccountLinked", Level = LogLevel.Information, Message = "A link to sign in as {User} was made by {By}; it expires {Expires:O}")]
    private partial void LogLinked(string user, DateTimeOffset expires, string by);

    [LoggerMessage(EventId = 12, EventName = "AccountRemoved", Level = LogLevel.Information, Message = "Account {User} was removed by {By}")]
    private partial void LogRemoved(string user, string by);
}
