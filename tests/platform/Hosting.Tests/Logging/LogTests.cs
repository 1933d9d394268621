using System.Text.Json;

namespace Provost.Hosting.Tests.Logging;

public sealed class LogTests
{
    [Fact]
    public async Task Rotation_by_rename_and_SIGHUP_loses_no_line()
    {
        var directory = Directory.CreateTempSubdirectory("provost-").FullName;
        var (current, rotated) = (Path.Combine(directory, "test.log"), Path.Combine(directory, "test.log.1"));
        using var socket = TestProcess.Listen();
        // Started under nohup, the tests themselves ignore the signal, and so would the service.
        using var service = TestProcess.Start(
            "/usr/bin/env", ["--default-signal=HUP", "/bin/sh", "-c", "exec \"$0\" service >> \"$PROVOST_Logs__File\" 2>&1", Environment.ProcessPath!],
            [("Listen__Http", $"fd:{socket.Handle}"), ("Logs__File", current), ("Service__Replica", "test-7")]);
        using var client = new HttpClient { BaseAddress = new Uri($"http://{socket.LocalEndPoint}") };
        await Eventually.ReadyAsync(client);

        const int requests = 200;
        for (var request = 0; request < requests; request++)
        {
            if (request == requests / 2)
            {
                File.Move(current, rotated);
                service.Signal(PosixSignalNumber.HangUp);
                await Eventually.HoldsAsync(() => Task.FromResult(File.Exists(current)), "the log was opened anew");
            }

            using var content = new StringContent("x");
            using var answer = await client.PostAsync(new Uri("/echo", UriKind.Relative), content, TestContext.Current.CancellationToken);
        }

        // The line of the last request is written after its answer was sent.
        await Eventually.HoldsAsync(() => Task.FromResult(Echoes(rotated) + Echoes(current) == requests), "every request has its line");
        Assert.True(Echoes(rotated) >= requests / 2 - 1 && Echoes(current) > 0, "both files were written to");
        var line = JsonDocument.Parse(File.ReadLines(current).Last()).RootElement;
        Assert.Equal("test-7", line.GetProperty("replica").GetString());
        Assert.Matches("^[0-9a-f]{32}$", line.GetProperty("traceId").GetString());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", line.GetProperty("time").GetString());
    }

    [Fact]
    public async Task Values_of_secret_files_and_raw_addresses_never_appear()
    {
        var directory = Directory.CreateTempSubdirectory("provost-").FullName;
        const string password = "correct-horse-battery";
        await File.WriteAllTextAsync(Path.Combine(directory, "Sample__Password"), password, TestContext.Current.CancellationToken);
        using var socket = TestProcess.Listen();
        using var service = TestProcess.Start(("Listen__Http", $"fd:{socket.Handle}"), ("Secrets__Directory", directory), ("Logs__Level", "Debug"));
        using var client = new HttpClient { BaseAddress = new Uri($"http://{socket.LocalEndPoint}") };
        await Eventually.ReadyAsync(client);

        await client.GetStringAsync(new Uri("/secret?token=tell-nobody", UriKind.Relative), TestContext.Current.CancellationToken);

        await Eventually.HoldsAsync(() => Task.FromResult(service.Output.Contains("GET /secret 200", StringComparison.Ordinal)), "the request was logged");
        Assert.Contains("Careless: •••••• and ••••••", service.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(password, service.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("tell-nobody", service.Output, StringComparison.Ordinal);
    }

    private static int Echoes(string path) => File.Exists(path)
        ? File.ReadLines(path).Count(line => line.Contains("POST /echo 200", StringComparison.Ordinal))
        : 0;
}
