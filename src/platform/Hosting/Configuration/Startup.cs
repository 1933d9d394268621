using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Provost.Hosting.Listening;

namespace Provost.Hosting.Configuration;

/// <summary>Refuses to start on wrong settings: every problem at once, in words, never as a stack trace.</summary>
internal sealed partial class Startup(IServiceProvider services, IConfiguration configuration, ConfigurationSources sources,
    CommandLine commandLine, ListeningSockets sockets, ILogger<Startup> logger)
{
    public bool Refuses(out ExitCode exitCode)
    {
        List<string> problems = [.. Problems()];
        var unknown = UnknownKeys().ToArray();
        exitCode = problems.Count == 0 ? ExitCode.Success : ExitCode.Configuration;
        if (commandLine.OnlyChecksConfiguration)
        {
            problems.AddRange(unknown.Select(key => $"{key} is not a setting of this service: remove it or correct its spelling"));
            exitCode = problems.Count == 0 ? ExitCode.Success : ExitCode.Configuration;
            Print(problems);
            return true;
        }

        if (problems.Count == 0 && sockets.Problem is { } cannotListen)
        {
            Print([cannotListen.Message]);
            LogCannotListen(cannotListen.Message);
            exitCode = ExitCode.CannotListen;
            return true;
        }

        if (problems.Count == 0)
        {
            // Only said, not refused: an older release must start with the settings of a newer one.
            foreach (var key in unknown)
            {
                LogUnknownKey(key);
            }

            return false;
        }

        Print(problems);
        var together = string.Join(" | ", problems);
        LogProblems(problems.Count, together);
        return true;
    }

    private static void Print(List<string> problems)
    {
        if (problems.Count == 0)
        {
            return;
        }

        var lines = problems.Select(problem => $"  - {problem}");
        Native.WriteAll(2, System.Text.Encoding.UTF8.GetBytes(
            $"Cannot start: {problems.Count} problem(s) with the settings.\n{string.Join('\n', lines)}\n"));
    }

    private IEnumerable<string> Problems()
    {
        if (sources.Problem is { } problem)
        {
            yield return $"PROVOST_Secrets__Directory is \"{sources.SecretsDirectory}\", which cannot be read ({problem}): "
                + "set a directory that this user may read, with one file per secret";
        }

        foreach (var failure in ValidationFailures())
        {
            yield return failure;
        }
    }

    private IEnumerable<string> ValidationFailures()
    {
        try
        {
            services.GetService<IStartupValidator>()?.Validate();
            return [];
        }
        catch (OptionsValidationException error)
        {
            return error.Failures;
        }
        catch (AggregateException errors) when (errors.InnerExceptions.All(error => error is OptionsValidationException))
        {
            return errors.InnerExceptions.Cast<OptionsValidationException>().SelectMany(error => error.Failures);
        }
    }

    private IEnumerable<string> UnknownKeys()
    {
        var known = services.GetServices<IBoundSection>()
            .SelectMany(section => section.Keys.Select(key => $"{section.Section}:{key}"))
            .Append("Secrets:Directory").ToHashSet(StringComparer.OrdinalIgnoreCase);
        return configuration.AsEnumerable()
            .Where(setting => setting.Value is not null && !IsKnown(setting.Key, known))
            .Select(setting => $"{ConfigurationSources.Prefix}{setting.Key.Replace(":", "__", StringComparison.Ordinal)}")
            .Order(StringComparer.Ordinal);
    }

    // Framework keys (no section) are not ours; an item of a list (Api:0) belongs to its list.
    private static bool IsKnown(string key, HashSet<string> known) =>
        !key.Contains(':', StringComparison.Ordinal) || known.Contains(key) || known.Contains(key[..key.LastIndexOf(':')]);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Key} is not a setting of this service: remove it or correct its spelling")]
    private partial void LogUnknownKey(string key);

    [LoggerMessage(Level = LogLevel.Critical, Message = "Cannot start: {Count} problem(s) with the settings. {Problems}")]
    private partial void LogProblems(int count, string problems);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Problem}")]
    private partial void LogCannotListen(string problem);
}
