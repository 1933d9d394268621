using System.Text.Json;
using Provost.Harness;

namespace Provost.Stories.Operators;

/// <summary>What scripts rely on: keys of answers, exit codes, errors with their place; from the real command and a real installation.</summary>
public sealed class ContractStory
{
    private const string Course = "MATH 101";

    [Fact]
    public async Task Answers_have_the_keys_and_refusals_the_exit_codes_that_scripts_rely_on()
    {
        await using var installation = await Installation.StartAsync();

        await ImportsAndAccountsAsync(installation);
        await RefusedGradebookAsync(installation);
        await BacktestsAsync(installation);
        await StoreThatCannotStartAsync(installation);
    }

    private static async Task ImportsAndAccountsAsync(Installation installation)
    {
        var import = await installation.JsonAsync("import", await WriteAsync(installation, SeededGradebook.Canvas(30, 8)), "--course", Course);
        HasKeys(import, "course", "students", "assessments", "cells", "guesses", "ignoredColumns", "changed");
        HasKeys(import.GetProperty("cells"), "graded", "missing", "excused", "pending", "notDue");
        HasKeys(await installation.JsonAsync("user", "add", "ada", "--role", "professor", "--course", Course), "user", "signInUrl");

        var status = await installation.JsonAsync("status");
        HasKeys(status, "installation", "healthy", "release", "urls", "services");
        HasKeys(status.GetProperty("urls"), "web");
        Assert.All(status.GetProperty("services").EnumerateArray(), service => HasKeys(service, "name", "replicas"));
        Assert.All(
            status.GetProperty("services").EnumerateArray().SelectMany(service => service.GetProperty("replicas").EnumerateArray()),
            replica => HasKeys(replica, "id", "pid", "ready", "restarts", "rssBytes"));
    }

    private static async Task RefusedGradebookAsync(Installation installation)
    {
        var file = await WriteAsync(installation, "Name,Student ID,Quiz\nAda,1,10\nBo,2,9\nAda,1,7\n");

        var plain = await installation.RunAsync("import", file, "--course", "Twice");
        var json = await installation.RunAsync("import", file, "--course", "Twice", "--json");

        Assert.Equal((8, 8), (plain.ExitCode, json.ExitCode));
        Assert.Contains("(line 4, column \"Quiz\")", plain.Talk, StringComparison.Ordinal);
        Assert.Contains("what to do: ", plain.Talk, StringComparison.Ordinal);
        Assert.Contains("(line 4, column \"Quiz\")", json.Json.GetProperty("error").GetProperty("what").GetString(), StringComparison.Ordinal);
    }

    private static async Task BacktestsAsync(Installation installation)
    {
        using var folder = OuladFolder.Make("TMA", students: 12, "AAA 2013J", "AAA 2014B");
        using var exams = OuladFolder.Make("Exam", students: 12, "AAA 2013J");
        var import = (await installation.RunAsync("import", folder.Path, "--course", "Ignored")).MustSucceed();
        Assert.Contains("--course \"Ignored\" was not used", import.Talk, StringComparison.Ordinal);

        var own = await installation.JsonAsync("backtest", "--course", "AAA 2014B");
        IsBacktest(own);
        Assert.StartsWith("2 finished courses of this installation (AAA 2013J, AAA 2014B)", own.GetProperty("source").GetString(), StringComparison.Ordinal);
        IsBacktest(await installation.JsonAsync("backtest", "--train", folder.Path, "--test", folder.Path));

        var nothing = await installation.RunAsync("backtest", "--train", exams.Path, "--test", folder.Path, "--json");
        Assert.Equal(8, nothing.ExitCode);
        Assert.Contains("Nothing can be learned from", nothing.Json.GetProperty("error").GetProperty("what").GetString(), StringComparison.Ordinal);
        Assert.Equal(8, (await installation.RunAsync("backtest", "--course", "No such course")).ExitCode);
    }

    private static void IsBacktest(JsonElement card)
    {
        HasKeys(card, "auc", "ece", "precisionTop20", "forecast");
        Assert.All((string[])["auc", "ece", "precisionTop20"], figure => HasKeys(card.GetProperty(figure), "28", "56", "84", "112", "140"));
        HasKeys(card.GetProperty("forecast"), "25", "50", "75");
        Assert.All(card.GetProperty("forecast").EnumerateObject(), share => HasKeys(share.Value, "mae", "coverage", "halfWidth"));
    }

    // As when another program has the data: the store says so in its log and ends, again and again.
    private static async Task StoreThatCannotStartAsync(Installation installation)
    {
        (await installation.RunAsync("down")).MustSucceed();
        var held = Assert.Single(Directory.EnumerateFiles(installation.StateDirectory, "provost.lock", SearchOption.AllDirectories), path => path.Contains("clickhouse", StringComparison.Ordinal));
        await using (new FileStream(held, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            var plain = await installation.RunAsync("up", "-d", "--no-demo");
            (await installation.RunAsync("down")).MustSucceed();
            var json = await installation.RunAsync("up", "-d", "--no-demo", "--json");

            Assert.Equal((6, 6), (plain.ExitCode, json.ExitCode));
            Assert.Matches("error: clickhouse-1 .*; last answer: .+", plain.Talk);
            Assert.Contains("is in use by process", plain.Talk, StringComparison.Ordinal);
            Assert.Contains("last answer: ", json.Json.GetProperty("error").GetProperty("what").GetString(), StringComparison.Ordinal);
            Assert.Contains(json.Json.GetProperty("error").GetProperty("details").EnumerateArray(), line => line.GetString()!.Contains("is in use by process", StringComparison.Ordinal));
        }
        (await installation.RunAsync("down")).MustSucceed();
        await installation.UpAsync();
    }

    private static void HasKeys(JsonElement answer, params string[] keys) => Assert.Empty(keys.Except(answer.EnumerateObject().Select(property => property.Name)));

    private static async Task<string> WriteAsync(Installation installation, string gradebook)
    {
        var file = Path.Combine(installation.Directory, "gradebook.csv");
        await File.WriteAllTextAsync(file, gradebook);
        return file;
    }
}
