using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace Provost.Hosting.Tests.Draining;

public sealed class DrainTests
{
    [Fact]
    public async Task On_SIGTERM_ready_turns_503_at_once_requests_are_still_served_and_those_in_flight_finish()
    {
        using var service = await RunningService.StartAsync(drainSeconds: 2, shutdownSeconds: 20);
        var inFlight = service.Client.GetStringAsync("/slow/4000", TestContext.Current.CancellationToken);
        await service.CountsAsync(requests: 1);

        var watch = Stopwatch.StartNew();
        service.Process.Signal(PosixSignalNumber.Terminate);
        await Eventually.HoldsAsync(
            async () => (await service.Admin.GetAsync("/health/ready")).StatusCode == HttpStatusCode.ServiceUnavailable, "ready is 503");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1.5), $"ready turned 503 only after {watch.Elapsed}");
        using (var fresh = new HttpClient { BaseAddress = service.Client.BaseAddress })
        {
            using var answer = await fresh.GetAsync(new Uri("/who", UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.True(answer.Headers.ConnectionClose, "clients are asked to move to a new connection");
        }

        using var live = await service.Admin.GetAsync(new Uri("/health/live", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal("slow", await inFlight);
        Assert.Equal(0, await service.Process.ExitAsync(TimeSpan.FromSeconds(20)));
        Assert.True(watch.Elapsed > TimeSpan.FromSeconds(2), "the drain delay was kept");
    }

    [Fact]
    public async Task A_request_that_does_not_end_is_cut_off_when_the_shutdown_limit_is_reached()
    {
        using var service = await RunningService.StartAsync(drainSeconds: 0, shutdownSeconds: 1);
        var stuck = service.Client.GetStringAsync("/slow/60000", TestContext.Current.CancellationToken);
        await service.CountsAsync(requests: 1);

        service.Process.Signal(PosixSignalNumber.Terminate);

        Assert.Equal(0, await service.Process.ExitAsync(TimeSpan.FromSeconds(20)));
        await Assert.ThrowsAsync<HttpRequestException>(() => stuck);
    }

    [Fact]
    public async Task A_second_SIGTERM_ends_the_drain_delay()
    {
        using var service = await RunningService.StartAsync(drainSeconds: 120, shutdownSeconds: 5);
        service.Process.Signal(PosixSignalNumber.Terminate);
        await Task.Delay(300, TestContext.Current.CancellationToken);
        Assert.False(service.Process.Process.HasExited);

        service.Process.Signal(PosixSignalNumber.Terminate);

        Assert.Equal(0, await service.Process.ExitAsync(TimeSpan.FromSeconds(20)));
    }
}

internal sealed class RunningService : IDisposable
{
    private readonly System.Net.Sockets.Socket http = TestProcess.Listen(), admin = TestProcess.Listen();

    private RunningService(double drainSeconds, double shutdownSeconds)
    {
        Process = TestProcess.Start(
            ("Listen__Http", $"fd:{http.Handle}"), ("Listen__Admin", $"fd:{admin.Handle}"),
            ("Service__DrainSeconds", $"{drainSeconds}"), ("Service__ShutdownSeconds", $"{shutdownSeconds}"));
        Client = new HttpClient { BaseAddress = new Uri($"http://{http.LocalEndPoint}") };
        Admin = new HttpClient { BaseAddress = new Uri($"http://{admin.LocalEndPoint}") };
    }

    public TestProcess Process { get; }

    public HttpClient Client { get; }

    public HttpClient Admin { get; }

    public static async Task<RunningService> StartAsync(double drainSeconds, double shutdownSeconds)
    {
        var service = new RunningService(drainSeconds, shutdownSeconds);
        await Eventually.ReadyAsync(service.Admin);
        return service;
    }

    public Task CountsAsync(int requests) => Eventually.HoldsAsync(
        async () => JsonDocument.Parse(await Admin.GetStringAsync("/drain")).RootElement.GetProperty("requests").GetInt32() == requests,
        $"{requests} request(s) in flight");

    public void Dispose()
    {
        Process.Dispose();
        Client.Dispose();
        Admin.Dispose();
        http.Dispose();
        admin.Dispose();
    }
}
