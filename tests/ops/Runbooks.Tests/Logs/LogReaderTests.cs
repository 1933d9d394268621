using System.Globalization;
using Provost.Runbooks.Logs;

namespace Provost.Runbooks.Tests.Logs;

public sealed class LogReaderTests : IDisposable
{
    private readonly TemporaryState temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public async Task Lines_of_several_replicas_come_in_the_order_of_time_with_what_was_set_aside()
    {
        Write("api-1.log.1", Line(1, "one"));
        Write("api-1.log", Line(3, "three"), "   at Some.Stack()");
        Write("api-2.log", Line(2, "two"), Line(4, "four"));

        Assert.Equal(["one", "two", "three", "   at Some.Stack()", "four"], await ReadAsync(new LogRequest([], null, null, false)));
        Assert.Equal(["two", "four"], await ReadAsync(new LogRequest(["api-2"], null, null, false)));
        Assert.Equal(["   at Some.Stack()", "four"], await ReadAsync(new LogRequest(["api"], null, 1, false)));
        Assert.Equal(["three", "   at Some.Stack()", "four"], await ReadAsync(new LogRequest([], At(3), null, false)));
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_refused_with_those_that_are()
    {
        Write("api-1.log", Line(1, "one"));

        var error = await Assert.ThrowsAsync<OperationError>(() => ReadAsync(new LogRequest(["apo"], null, null, false)));

        Assert.Contains("api", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Following_goes_on_through_a_rotation_and_misses_no_line()
    {
        var file = temporary.State.LogFile("api-1");
        Write("api-1.log", Line(1, "before"));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(TimeSpan.FromSeconds(30));
        List<string> seen = [];
        await foreach (var line in new LogReader(temporary.State, TimeProvider.System).ReadAsync(new LogRequest([], null, 1, true), stop.Token))
        {
            seen.Add(line.Text);
            if (line.Text == "before")
            {
                await File.AppendAllTextAsync(file, Line(2, "last of the old file") + "\n", stop.Token);
                File.Move(file, file + ".1");
                await File.WriteAllTextAsync(file, Line(3, "first of the new file") + "\n", stop.Token);
            }
            if (line.Text == "first of the new file")
            {
                await stop.CancelAsync();
            }
        }

        Assert.Equal(["before", "last of the old file", "first of the new file"], seen);
    }

    [Fact]
    public void Lines_of_redis_have_a_time_too()
    {
        var line = LogLine.Parse("redis-1", "23180:M 03 Nov 2026 16:08:31.123 # Something is off");

        Assert.Equal("warning", line.Level);
        Assert.Equal("Something is off", line.Text);
        Assert.Equal(123, line.At!.Value.Millisecond);
    }

    private static DateTimeOffset At(int second) => new(2026, 1, 1, 0, 0, second, TimeSpan.Zero);

    private static string Line(int second, string text) =>
        $$"""{"time":"{{At(second).ToString("O", CultureInfo.InvariantCulture)}}","level":"information","message":"{{text}}"}""";

    private void Write(string name, params string[] lines) => File.WriteAllText(Path.Combine(temporary.State.Logs, name), string.Join('\n', lines) + "\n");

    private async Task<List<string>> ReadAsync(LogRequest request) =>
        await new LogReader(temporary.State, TimeProvider.System).ReadAsync(request, TestContext.Current.CancellationToken).Select(l => l.Text).ToListAsync(TestContext.Current.CancellationToken);
}
