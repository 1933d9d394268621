using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Provost.Hosting.Listening;

namespace Provost.Hosting.Tests.Listening;

public sealed class SocketHolderTests : IAsyncDisposable
{
    private readonly string path = Path.Combine(Directory.CreateTempSubdirectory("provost-").FullName, "public.sock");
    private readonly CancellationTokenSource ending = new();
    private readonly StringWriter said = new(CultureInfo.InvariantCulture);
    private readonly List<WebApplication> services = [];
    private Task<int>? holding;

    [Fact]
    public async Task A_service_takes_the_socket_and_its_successor_takes_it_too_while_the_first_still_serves()
    {
        var url = await HoldAsync();
        var first = await StartAsync("first");
        Assert.Equal("first", await AskAsync(url));

        var second = await StartAsync("second");
        await first.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal("second", await AskAsync(url));
        await second.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task While_nobody_serves_callers_wait_instead_of_being_refused()
    {
        var url = await HoldAsync();
        var answer = AskAsync(url);
        Assert.NotSame(answer, await Task.WhenAny(answer, Task.Delay(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken)));

        await StartAsync("late");

        Assert.Equal("late", await answer);
    }

    [Fact]
    public async Task Who_took_the_socket_ends_with_its_holder_so_that_it_takes_the_next_one()
    {
        await HoldAsync();
        var service = await StartAsync("orphan");

        await ending.CancelAsync();

        await service.WaitForShutdownAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal(0, await holding!);
    }

    [Fact]
    public void Without_a_holder_it_says_whose_socket_is_missing()
    {
        var error = Assert.Throws<ListeningError>(() => ListeningSocket.Open("http", $"handover:{path}"));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("PROVOST_Listen__Http", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_holder_of_something_else_is_refused()
    {
        await HoldAsync();

        var error = Assert.Throws<ListeningError>(() => ListeningSocket.Open("admin", $"handover:{path}"));

        Assert.Contains("its holder gives http", error.Message, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in services)
        {
            await service.DisposeAsync();
        }
        await ending.CancelAsync();
        await (holding ?? Task.FromResult(0));
        ending.Dispose();
        await said.DisposeAsync();
    }

    private async Task<Uri> HoldAsync()
    {
        holding = SocketHolder.HoldAsync("tcp:127.0.0.1:0", path, said, ending.Token);
        await Eventually.HoldsAsync(() => Task.FromResult(File.Exists(path)), "the socket is held");
        return new Uri($"http://{said.ToString().Split(' ')[1]}");
    }

    private async Task<WebApplication> StartAsync(string name)
    {
        var app = ServiceUnderTest.Build([], ("Listen:Http", $"handover:{path}"), ("Service:Replica", name), ("Service:DrainSeconds", "0"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        services.Add(app);
        return app;
    }

    private static async Task<string> AskAsync(Uri url)
    {
        using var client = new HttpClient { BaseAddress = url };
        return await client.GetStringAsync(new Uri("/who", UriKind.Relative), TestContext.Current.CancellationToken);
    }
}
