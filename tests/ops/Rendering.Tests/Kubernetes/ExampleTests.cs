using System.Diagnostics;
using System.Globalization;
using Provost.Rendering.Kubernetes;

namespace Provost.Rendering.Tests.Kubernetes;

public sealed class ExampleTests
{
    public static TheoryData<string> Examples { get; } = [.. Cases.Examples];

    [Theory]
    [MemberData(nameof(Examples))]
    public void A_committed_example_is_what_its_description_renders_to(string example)
    {
        var files = KubernetesRenderer.Tree(Cases.Site(example));
        var folder = $"deploy/examples/{example}/kubernetes";

        Assert.All(files, file => Golden.Matches(file.Content, $"{folder}/{file.Path}"));

        var committed = Directory.EnumerateFiles(Path.Combine(Golden.Root, folder), "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Path.Combine(Golden.Root, folder), path));
        Assert.Equal(files.Select(file => file.Path).Order(StringComparer.Ordinal), committed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_same_description_always_renders_to_the_same_bytes()
    {
        var (one, other) = (KubernetesRenderer.Tree(Cases.Site("production")), KubernetesRenderer.Tree(Cases.Site("production")));

        Assert.Equal(one.Select(file => file.Content), other.Select(file => file.Content));
    }

    [Fact]
    public void Says_how_long_rendering_all_examples_takes()
    {
        var start = Stopwatch.GetTimestamp();
        var bytes = Cases.Examples.SelectMany(name => KubernetesRenderer.Tree(Cases.Site(name))).Sum(file => file.Content.Length);

        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{Cases.Examples.Length} examples, {bytes} bytes: {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0} ms (promised: 1000)"));
        Assert.True(bytes > 0);
    }
}
