using Provost.Topology.Reading;

namespace Provost.Topology.Tests.Reading;

public sealed class TargetEditTests
{
    [Theory]
    [InlineData("name: north\nsites:\n  campus:\n    target: compose # here\n    http: { port: 8080 }\n", "name: north\nsites:\n  campus:\n    target: process # here\n    http: { port: 8080 }\n")]
    [InlineData("name: north\nsites: { campus: { http: { port: 8080 }, target: \"compose\" } }\n", "name: north\nsites: { campus: { http: { port: 8080 }, target: \"process\" } }\n")]
    [InlineData("name: north\nsites:\n  lab:\n    target: compose\n  campus:\n    state: b\n    target: compose\n", "name: north\nsites:\n  lab:\n    target: compose\n  campus:\n    state: b\n    target: process\n")]
    [InlineData("name: north\n", "name: north\n")]
    public void Only_the_target_of_the_site_changes(string text, string changed) => Assert.Equal(changed, TargetEdit.ToProcess(text, "campus"));
}
