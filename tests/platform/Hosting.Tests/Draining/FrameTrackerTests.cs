using Provost.Hosting.Draining;

namespace Provost.Hosting.Tests.Draining;

public sealed class FrameTrackerTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(125, false)]
    [InlineData(126, false)]
    [InlineData(65_536, false)]
    [InlineData(5, true)]
    [InlineData(300, true)]
    public void Finds_the_end_of_each_frame_however_the_bytes_are_cut(int payload, bool masked)
    {
        byte[] frames = [.. Frame(0x2, payload, masked), .. Frame(0x1, 3, masked)];
        foreach (var cut in new[] { 1, 2, 3, 7, 1000, frames.Length })
        {
            var (tracker, boundaries, at) = (default(FrameTracker), new List<int>(), 0);
            foreach (var chunk in frames.Chunk(cut))
            {
                for (var taken = 0; taken < chunk.Length;)
                {
                    var step = tracker.TakeToBoundary(chunk.AsSpan(taken));
                    (taken, at) = (taken + step, at + step);
                    if (tracker.AtBoundary)
                    {
                        boundaries.Add(at);
                    }
                }
            }

            Assert.Equal([Frame(0x2, payload, masked).Length, frames.Length], boundaries);
            Assert.False(tracker.SawClose);
        }
    }

    [Fact]
    public void Notices_that_the_sender_closes_by_itself()
    {
        var tracker = default(FrameTracker);
        tracker.TakeToBoundary(Frame(0x8, 2, masked: false));
        Assert.True(tracker.SawClose);
    }

    private static byte[] Frame(byte opcode, int payload, bool masked)
    {
        var flag = (byte)(masked ? 0x80 : 0);
        byte[] length = payload switch
        {
            < 126 => [(byte)(flag | payload)],
            < 65_536 => [(byte)(flag | 126), (byte)(payload >> 8), (byte)payload],
            _ => [(byte)(flag | 127), 0, 0, 0, 0, (byte)(payload >> 24), (byte)(payload >> 16), (byte)(payload >> 8), (byte)payload],
        };
        return [(byte)(0x80 | opcode), .. length, .. new byte[masked ? 4 : 0], .. new byte[payload]];
    }
}
