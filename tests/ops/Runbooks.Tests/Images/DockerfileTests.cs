using Provost.Runbooks.Images;
using Provost.Runbooks.Images.Building;
using Provost.Runbooks.Images.Scans.Checks;

namespace Provost.Runbooks.Tests.Images;

public sealed class DockerfileTests
{
    private static readonly string Root = Find(AppContext.BaseDirectory);

    public static TheoryData<string> Images => [.. ImageDefinition.All.Select(image => image.Name)];

    [Theory, MemberData(nameof(Images))]
    public void Every_image_has_a_Dockerfile_on_bases_of_one_version_run_as_a_number(string name)
    {
        var path = Path.Combine(Root, $"deploy/docker/{name}.Dockerfile");
        var text = File.ReadAllText(path);

        Assert.Empty(DockerfileCheck.Run(name, path).Findings);
        Assert.Contains("\nUSER 1654:1654\n", text, StringComparison.Ordinal);
        Assert.All(["title", "version", "revision", "source", "licenses", "base.name"], label => Assert.Contains($"org.opencontainers.image.{label}=", text, StringComparison.Ordinal));
        Assert.DoesNotContain("\nADD ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("# syntax", text, StringComparison.Ordinal);
    }

    [Fact]
    public void There_is_no_Dockerfile_without_an_image() => Assert.Equal(
        ImageDefinition.All.Select(image => $"{image.Name}.Dockerfile").Order(StringComparer.Ordinal),
        Directory.EnumerateFiles(Path.Combine(Root, "deploy/docker"), "*.Dockerfile").Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Fact]
    public void The_stages_of_restore_and_compile_are_the_same_text_so_that_they_are_built_once() => Assert.Single(
        ImageDefinition.All.Select(image => Stages(File.ReadAllText(Path.Combine(Root, image.Dockerfile)))).Distinct());

    [Fact]
    public void All_name_the_same_versions_of_the_same_bases() => Assert.All(
        ImageDefinition.All.SelectMany(image => ImageBuild.Bases(Path.Combine(Root, image.Dockerfile))).GroupBy(pair => pair.Key),
        same => Assert.Single(same.Select(pair => pair.Value).Distinct()));

    [Theory]
    [InlineData("ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0\nFROM ${RUNTIME_IMAGE}\n", 1)]
    [InlineData("FROM ubuntu\n", 1)]
    [InlineData("FROM ubuntu:latest AS a\nFROM a\n", 1)]
    [InlineData("FROM ubuntu:24.04.1 AS a\nFROM a\nFROM scratch\n", 0)]
    [InlineData("ARG BASE=ubuntu:latest\nFROM ${BASE}\n", 1)]
    [InlineData("ARG BASE\nFROM $BASE\n", 1)]
    [InlineData("FROM ${BASE:-ubuntu:24.04.1}\n", 0)]
    [InlineData("FROM --platform=linux/amd64 ubuntu:24.04.1 AS a\n", 0)]
    [InlineData("FROM --platform=$BUILDPLATFORM ubuntu:24.04 AS a\n", 1)]
    [InlineData("FROM ubuntu:24.04.1 AS a\nFROM scratch\nCOPY --from=a /x /x\nCOPY --from=0 /y /y\n", 0)]
    [InlineData("FROM ubuntu:24.04.1\nCOPY --chown=1:1 --from=busybox:latest /x /x\n", 1)]
    [InlineData("FROM ubuntu:24.04.1\nRUN --mount=type=cache,target=/c --mount=type=bind,from=busybox,target=/b \\\n    make --from=here\n", 1)]
    [InlineData("FROM Not/AName\n", 1)]
    public void An_unpinned_base_is_found_in_any_stage(string text, int findings)
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, text);

        Assert.Equal(findings, DockerfileCheck.Run("x", path).Findings.Count(finding => finding.Rule == "unpinned-base"));
        File.Delete(path);
    }

    private static string Stages(string text) => text[text.IndexOf("# Restore and compile:", StringComparison.Ordinal)..text.IndexOf("-p:IsTransformWebConfigDisabled=true\n", StringComparison.Ordinal)];

    private static string Find(string from) => File.Exists(Path.Combine(from, "Provost.slnx")) ? from : Find(Path.GetDirectoryName(from.TrimEnd('/'))!);
}
