using Provost.Runbooks.Images;
using Provost.Runbooks.Images.Building;
using Provost.Runbooks.Images.Registries;

namespace Provost.Runbooks.Tests.Images;

public sealed class ImageNamesTests
{
    [Theory]
    [InlineData("1.2.3", "1.2.3 1.2.3-abc 1.2")]
    [InlineData("0.10.0", "0.10.0 0.10.0-abc 0.10")]
    [InlineData("1.2.3-rc.1", "1.2.3-rc.1 1.2.3-rc.1-abc")]
    public void A_release_has_two_names_that_never_move_and_one_that_follows_its_line(string version, string tags) =>
        Assert.Equal(tags.Split(' '), ImageTags.Parse(version, "abc").All);

    [Theory]
    [InlineData("latest", "abc")]
    [InlineData("1.2", "abc")]
    [InlineData("1.2.3+build", "abc")]
    [InlineData("1.2.3", "a b")]
    [InlineData("1.2.3\n", "abc")]
    [InlineData("1.2.3", "")]
    public void What_cannot_be_a_tag_is_refused(string version, string revision) =>
        Assert.Equal(ErrorKind.Configuration, Assert.Throws<OperationError>(() => ImageTags.Parse(version, revision)).Kind);

    [Theory]
    [InlineData("registry.example:5000/provost/backend:1.2.3", "registry.example:5000", "provost/backend", "1.2.3", true)]
    [InlineData("provost/backend:1.2", null, "provost/backend", "1.2", false)]
    [InlineData("ubuntu", null, "ubuntu", null, false)]
    [InlineData("ubuntu:latest", null, "ubuntu", "latest", false)]
    [InlineData("mcr.microsoft.com/dotnet/sdk:10.0", "mcr.microsoft.com", "dotnet/sdk", "10.0", false)]
    [InlineData("mcr.microsoft.com/dotnet/sdk:10.0.401-noble", "mcr.microsoft.com", "dotnet/sdk", "10.0.401-noble", true)]
    [InlineData("localhost/x:v1.2.3", "localhost", "x", "v1.2.3", true)]
    public void A_name_is_taken_apart_and_put_together_again(string text, string? registry, string repository, string? tag, bool exact)
    {
        var reference = ImageReference.Parse(text);

        Assert.Equal((registry, repository, tag), (reference.Registry, reference.Repository, reference.Tag));
        Assert.Equal(exact, reference.NamesOneVersion);
        Assert.Equal(text, reference.ToString());
    }

    [Fact]
    public void Versions_are_ordered_as_numbers_with_a_pre_release_before_its_release() => Assert.Equal(
        ["0.9.9", "0.10.0-rc.2", "0.10.0-rc.10", "0.10.0", "1.0.0"],
        new[] { "1.0.0", "0.10.0", "0.10.0-rc.10", "0.9.9", "0.10.0-rc.2" }.Order(VersionOrder.Instance));

    [Theory]
    [InlineData("1.2.3", "", true)]
    [InlineData("1.2.3", "1.2.2 1.2.2-abc 1.2", true)]
    [InlineData("1.2.3", "1.2.3 1.2.3-abc 1.2", true)]
    [InlineData("1.2.3", "1.2.4 1.2.4-abc 1.2", false)]
    [InlineData("1.2.9", "1.2.10", false)]
    [InlineData("1.2.3", "1.3.0 1.20.9 2.0.0", true)]
    [InlineData("1.2.3", "1.2.4-rc.1 1.2.4-rc.1-abc", true)]
    [InlineData("1.2.4-rc.1", "", false)]
    public void The_moving_tag_follows_the_newest_of_its_line_and_never_goes_back(string pushed, string there, bool moves) =>
        Assert.Equal(moves, ImagePush.Moves(ImageTags.Parse(pushed, "abc"), there.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Fact]
    public void Retention_keeps_the_newest_what_a_moving_tag_means_and_what_is_deployed()
    {
        Dictionary<string, List<string>> tags = new()
        {
            ["sha256:a"] = ["1.0.0", "1.0.0-aaa"],
            ["sha256:b"] = ["1.0.1", "1.0.1-bbb", "1.0"],
            ["sha256:c"] = ["1.1.0", "1.1.0-ccc"],
            ["sha256:d"] = ["1.9.0", "1.9.0-ddd"],
            ["sha256:e"] = ["1.10.0", "1.10.0-eee"],
        };

        var plan = ImagePrune.Plan("backend", tags, new(2), lockedDigest: "sha256:a").ToDictionary(entry => entry.Digest, entry => entry.Reason);

        Assert.Equal(["sha256:c"], plan.Where(entry => entry.Value is null).Select(entry => entry.Key));
        Assert.Equal("the lock file deploys it", plan["sha256:a"]);
        Assert.Equal("a moving tag means it", plan["sha256:b"]);
    }

    [Fact]
    public void The_lock_file_is_sorted_and_read_back()
    {
        var path = Path.GetTempFileName();
        var digest = "sha256:" + new string('1', 64);
        ImageLock.Empty.With("gateway", new("r:5000/p/gateway", "1.2.3", "abc", digest)).With("backend", new("r:5000/p/backend", "1.2.3", "abc", digest)).WithBase("base:1.2.3", digest).Write(path);

        var read = ImageLock.Read(path);

        Assert.True(File.ReadAllText(path).IndexOf("backend", StringComparison.Ordinal) < File.ReadAllText(path).IndexOf("gateway", StringComparison.Ordinal));
        Assert.Equal($"r:5000/p/backend@{digest}", read.Require("backend").Pinned);
        Assert.Equal(digest, read.RequireBase("base:1.2.3"));
        Assert.Contains("images push", Assert.Throws<OperationError>(() => read.Require("stores")).Remedy, StringComparison.Ordinal);
        File.Delete(path);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"images":{"backend":{"repository":"a/b","version":"1.2.3","revision":"x","digest":"sha256:12"}}}""")]
    [InlineData("""{"images":{"backend":{}}}""")]
    public void A_damaged_lock_file_is_refused(string text)
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, text);

        Assert.Equal(ErrorKind.Configuration, Assert.Throws<OperationError>(() => ImageLock.Read(path)).Kind);
        File.Delete(path);
    }

    [Theory]
    [InlineData("https://me:token@git.example/provost.git", "https://git.example/provost.git")]
    [InlineData("git@git.example:provost.git", "git.example:provost.git")]
    [InlineData("/srv/provost", "unknown")]
    [InlineData(null, "unknown")]
    public void The_label_of_the_source_carries_no_credentials_and_no_path(string? remote, string label) =>
        Assert.Equal(label, SourceIdentity.WithoutCredentials(remote));
}
