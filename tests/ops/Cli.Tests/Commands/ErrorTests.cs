using System.Text.Json;

namespace Provost.Cli.Tests.Commands;

public sealed class ErrorTests
{
    [Theory]
    [InlineData(3, "statsu")]
    [InlineData(3, "status", "--nonsense")]
    [InlineData(3, "user", "add", "ada")]
    [InlineData(3, "user", "add", "ada", "--role", "king")]
    [InlineData(3, "backtest")]
    [InlineData(3, "backtest", "--train", "a")]
    [InlineData(3, "backtest", "--course", "MATH 101", "--test", "b")]
    [InlineData(3, "drill", "deploy", "--rate", "0")]
    [InlineData(3, "drill", "deploy", "--sessions", "-1")]
    [InlineData(3, "drill", "deploy", "--clients", "0")]
    [InlineData(3, "drill", "deploy", "--rounds", "0")]
    [InlineData(3, "drill", "deploy", "--requests", "-1")]
    [InlineData(3, "drill", "deploy", "--rate", "many")]
    [InlineData(4, "status", "--config", "nowhere.yaml")]
    [InlineData(7, "status")]
    [InlineData(7, "import", "gradebook.csv", "--course", "MATH 101")]
    [InlineData(7, "backtest", "--course", "MATH 101")]
    [InlineData(7, "user", "list")]
    [InlineData(7, "logs")]
    [InlineData(7, "restart", "api")]
    [InlineData(7, "destroy", "--yes", "provost")]
    [InlineData(8, "import", "nowhere.csv", "--course", "MATH 101")]
    [InlineData(8, "backtest", "--train", "a", "--test", "b")]
    public async Task An_error_has_its_exit_code_and_with_json_is_one_object_on_standard_output(int exitCode, params string[] arguments)
    {
        using var tool = new Tool();
        tool.Write("name: provost\n");
        await File.WriteAllTextAsync(Path.Combine(tool.Folder, "gradebook.csv"), "Student,Quiz\nAda,9\n", TestContext.Current.CancellationToken);

        var plain = await tool.RunAsync(arguments);
        var json = await tool.RunAsync([.. arguments, "--json"]);

        Assert.Equal(exitCode, plain.ExitCode);
        Assert.Equal(exitCode, json.ExitCode);
        Assert.Empty(plain.Output);
        Assert.NotEmpty(plain.Talk);
        if (arguments is not ["status"])
        {
            Assert.Contains("what to do: ", plain.Talk, StringComparison.Ordinal);
            Assert.Equal(exitCode, json.Json.GetProperty("exitCode").GetInt32());
            Assert.NotEmpty(json.Json.GetProperty("error").GetProperty("what").GetString()!);
            Assert.NotEmpty(json.Json.GetProperty("error").GetProperty("remedy").GetString()!);
        }
    }

    [Theory]
    [InlineData("/dev/full", "a disk is full: ")]
    [InlineData("/", "not allowed: ")]
    public async Task A_disk_that_takes_no_more_and_a_file_of_somebody_else_are_expected_errors(string file, string what)
    {
        using var tool = new Tool();
        tool.Write("name: provost\n");

        var run = await tool.RunAsync("drill", "report", "--out", file);

        Assert.Equal(5, run.ExitCode);
        Assert.Contains("error: " + what, run.Talk, StringComparison.Ordinal);
        Assert.DoesNotContain("nobody expected", run.Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_file_names_every_problem_with_its_place()
    {
        using var tool = new Tool();
        tool.Write("nmae: x\nsites:\n  local:\n    http: { port: 0 }\n");

        var plain = await tool.RunAsync("config", "validate");
        var problems = (await tool.RunAsync("up", "-d", "--json")).Json.GetProperty("error").GetProperty("problems").EnumerateArray().ToList();

        Assert.Equal(4, plain.ExitCode);
        Assert.Contains("provost.yaml:1:1: nmae: unknown key. Did you mean \"name\"?", plain.Talk, StringComparison.Ordinal);
        Assert.Contains("provost.yaml:4:19: sites.local.http.port", plain.Talk, StringComparison.Ordinal);
        Assert.Equal([1, 4], problems.Select(p => p.GetProperty("line").GetInt32()));
        Assert.Equal("sites.local.http.port", problems[1].GetProperty("key").GetString());
    }

    [Theory]
    [InlineData("the file has 2 sites", "--site campus or --site cloud")]
    [InlineData("no site \"moon\"", "campus, cloud", "--site", "moon")]
    public async Task Of_several_sites_one_must_be_named(string what, string remedy, params string[] more)
    {
        using var tool = new Tool();
        tool.Write("name: north\nsites:\n  campus: {}\n  cloud: { state: elsewhere }\n");

        var refused = (await tool.RunAsync(["status", "--json", .. more])).Json.GetProperty("error");
        var named = await tool.RunAsync("status", "--site", "cloud", "--json");

        Assert.Contains(what.Replace("the file", "north", StringComparison.Ordinal), refused.GetProperty("what").GetString(), StringComparison.Ordinal);
        Assert.Contains(remedy, refused.GetProperty("remedy").GetString(), StringComparison.Ordinal);
        Assert.Equal(7, named.ExitCode);
    }

    [Fact]
    public async Task Status_of_nothing_has_the_shape_of_the_contract()
    {
        using var tool = new Tool();
        tool.Write("name: north\n");

        var status = (await tool.RunAsync("status", "--json")).Json;

        Assert.Equal("north", status.GetProperty("installation").GetString());
        Assert.False(status.GetProperty("healthy").GetBoolean());
        Assert.Equal(JsonValueKind.Null, status.GetProperty("release").ValueKind);
        Assert.Equal("http://localhost:8080", status.GetProperty("urls").GetProperty("web").GetString());
        Assert.Equal(0, status.GetProperty("services").GetArrayLength());
    }

    [Fact]
    public async Task Destroy_without_a_terminal_and_without_the_name_removes_nothing()
    {
        using var tool = new Tool();
        tool.Write("name: north\n");
        Directory.CreateDirectory(Path.Combine(tool.Folder, ".provost"));

        var unnamed = await tool.RunAsync("destroy");
        var misnamed = await tool.RunAsync("destroy", "--yes", "south");

        Assert.Equal(8, unnamed.ExitCode);
        Assert.Equal(8, misnamed.ExitCode);
        Assert.Contains("--yes north", unnamed.Talk, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(tool.Folder, ".provost")));

        Assert.Equal(0, (await tool.RunAsync("destroy", "--yes", "north")).ExitCode);
        Assert.False(Directory.Exists(Path.Combine(tool.Folder, ".provost")));
    }

    [Fact]
    public async Task What_config_prints_validates_and_prints_the_same_again()
    {
        using var tool = new Tool();
        var printed = (await tool.RunAsync("config", "print")).Output;
        tool.Write(printed);

        Assert.Equal(0, (await tool.RunAsync("config", "validate")).ExitCode);
        Assert.Equal(printed, (await tool.RunAsync("config", "print")).Output);
        Assert.Equal(8080, (await tool.RunAsync("config", "print", "--json")).Json.GetProperty("sites").GetProperty("local").GetProperty("http").GetProperty("port").GetInt32());
    }

    [Fact]
    public async Task On_a_Compose_site_a_release_that_nobody_made_is_refused_as_on_processes()
    {
        using var tool = new Tool();
        tool.Write("sites:\n  local:\n    target: compose\n");

        var deploy = await tool.RunAsync("deploy", "9.9.9", "--json");
        var rollback = await tool.RunAsync("rollback", "--json");

        Assert.Equal((8, 8), (deploy.ExitCode, rollback.ExitCode));
        Assert.Contains("provost release create", deploy.Json.GetProperty("error").GetProperty("remedy").GetString(), StringComparison.Ordinal);
        Assert.Contains("no release that was live", rollback.Json.GetProperty("error").GetProperty("what").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Up_says_what_it_would_do_and_does_nothing()
    {
        using var tool = new Tool();
        tool.Write("sites:\n  local:\n    http: { port: 18080 }\n");

        var run = await tool.RunAsync("up", "--dry-run");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Wait until everything is ready", run.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(tool.Folder, ".provost")));
    }
}
