using Microsoft.Extensions.Logging;
using Provost.Hosting.Configuration;

namespace Provost.Hosting.Logging;

/// <summary>Section <c>Logs</c>.</summary>
public sealed class LoggingOptions : IServiceOptions
{
    /// <summary>The file that standard output is; SIGHUP opens it anew, so that rotation by renaming loses nothing.</summary>
    public string? File { get; set; }

    /// <summary>Least severe level that is written.</summary>
    public LogLevel Level { get; set; } = LogLevel.Information;

    public IEnumerable<ConfigurationProblem> Problems()
    {
        if (File is not null && !Path.IsPathRooted(File))
        {
            yield return new(nameof(File), $"is \"{File}\"", "set an absolute path");
        }
    }
}
