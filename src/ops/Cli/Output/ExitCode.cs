using System.ComponentModel;
using Provost.Runbooks;

namespace Provost.Cli.Output;

/// <summary>How the command ends: a published, stable table.</summary>
internal enum ExitCode
{
    [Description("done")]
    Success = 0,

    [Description("failed")]
    Failed = 1,

    [Description("plan: there are changes")]
    Changes = 2,

    [Description("wrong use of the command")]
    Usage = 3,

    [Description("provost.yaml is refused")]
    Configuration = 4,

    [Description("the machine lacks something, or a port or a file is in the way")]
    Machine = 5,

    [Description("something did not get ready in time")]
    NotReady = 6,

    [Description("the installation does not run")]
    NotRunning = 7,

    [Description("refused by the platform or by a safeguard")]
    Refused = 8,

    [Description("a deployment failed and returned: the old release serves")]
    Returned = 9,

    [Description("interrupted")]
    Interrupted = 130,
}

internal static class ExitCodes
{
    public static ExitCode Of(ErrorKind kind) => kind switch
    {
        ErrorKind.Configuration => ExitCode.Configuration,
        ErrorKind.Machine => ExitCode.Machine,
        ErrorKind.NotReady => ExitCode.NotReady,
        ErrorKind.NotRunning => ExitCode.NotRunning,
        ErrorKind.Refused => ExitCode.Refused,
        _ => ExitCode.Failed,
    };

    public static IEnumerable<string> Describe() => Enum.GetValues<ExitCode>().Select(code =>
        $"  {(int)code,-4} {((DescriptionAttribute)typeof(ExitCode).GetField(code.ToString())!.GetCustomAttributes(typeof(DescriptionAttribute), false)[0]).Description}");
}
