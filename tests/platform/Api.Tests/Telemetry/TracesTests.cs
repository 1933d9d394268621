using System.Collections.Concurrent;
using System.Diagnostics;
using Provost.Api.State;
using Provost.Api.Tests.Harness;

namespace Provost.Api.Tests.Telemetry;

public sealed class TracesTests(RealStores stores)
{
    [Fact]
    public async Task A_call_to_Redis_is_a_span_of_the_request_that_waits_for_it_and_a_poll_is_none()
    {
        await using var api = await ApiServer.StartAsync(stores);
        using var seen = new Listening();
        var state = api.Get<CourseState>();
        Activity.Current = null;

        await state.FindAsync("traced-alone");
        using var request = new Activity("a request").Start();
        await state.FindAsync("traced");
        request.Stop();

        var span = Assert.Single(seen.Spans, span => span.TraceId == request.TraceId);
        Assert.Equal(("redis course.read", ActivityKind.Client, request.SpanId), (span.DisplayName, span.Kind, span.ParentSpanId));
        Assert.Equal(("redis", "course.read"), (span.GetTagItem("db.system.name"), span.GetTagItem("db.operation.name")));
        Assert.Equal(ActivityStatusCode.Ok, span.Status);
        Assert.DoesNotContain(seen.Spans, other => other.ParentSpanId == default);
    }

    private sealed class Listening : IDisposable
    {
        private readonly ActivityListener listener;

        public Listening()
        {
            listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == "Provost.Api",
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = Spans.Enqueue,
            };
            ActivitySource.AddActivityListener(listener);
        }

        public ConcurrentQueue<Activity> Spans { get; } = [];

        public void Dispose() => listener.Dispose();
    }
}
