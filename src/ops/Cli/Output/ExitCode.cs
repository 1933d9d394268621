using Provost.Runbooks;

namespace Provost.Cli.Output;

/// <summary>How the command ends: a published, stable table.</summary>
internal enum ExitCode
{
    Success = 0,
    Failed = 1,
    Changes = 2,
    Usage = 3,
    Configuration = 4,
    Machine = 5,
    NotReady = 6,
    NotRunning = 7,
    Refused = 8,
    Returned = 9,
    Interrupted = 130,
}

internal static class ExitCodes
{
    /// <summary>Every code, in the order of the table. A list, because help is quick only without reflection.</summary>
    public static ExitCode[] All { get; } =
    [
        ExitCode.Success, ExitCode.Failed, ExitCode.Changes, ExitCode.Usage, ExitCode.Configuration, ExitCode.Machine,
        ExitCode.NotReady, ExitCode.NotRunning, ExitCode.Refused, ExitCode.Returned, ExitCode.Interrupted,
    ];

    public static string Meaning(ExitCode code) => code switch
    {
        ExitCode.Success => "done",
        ExitCode.Failed => "failed",
        ExitCode.Changes => "plan: there are changes",
        ExitCode.Usage => "wrong use of the command",
        ExitCode.Configuration => "provost.yaml is refused",
        ExitCode.Machine => "the machine lacks something, or a port or a file is in the way",
        ExitCode.NotReady => "something did not get ready in time",
        ExitCode.NotRunning => "the installation does not run",
        ExitCode.Refused => "refused by the platform or by a safeguard",
        ExitCode.Returned => "a deployment failed and returned: the old release serves",
        ExitCode.Interrupted => "interrupted",
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, null),
    };

    public static ExitCode Of(ErrorKind kind) => kind switch
    {
        ErrorKind.Configuration => ExitCode.Configuration,
        ErrorKind.Machine => ExitCode.Machine,
        ErrorKind.NotReady => ExitCode.NotReady,
        ErrorKind.NotRunning => ExitCode.NotRunning,
        ErrorKind.Refused => ExitCode.Refused,
        _ => ExitCode.Failed,
    };
}
