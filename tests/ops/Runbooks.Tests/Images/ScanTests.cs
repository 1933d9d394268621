using System.Formats.Tar;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Provost.Runbooks.Images;
using Provost.Runbooks.Images.Scans;
using Provost.Runbooks.Images.Scans.Scanners;
using static Provost.Runbooks.Tests.Images.MadeImage;

namespace Provost.Runbooks.Tests.Images;

/// <summary>One good image, and each way in which it can be spoiled.</summary>
public sealed class ScanTests
{
    private static readonly ScanPolicy Policy = new(Severity.Medium, 14, []);
    private static readonly FakeTimeProvider Time = new(new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_good_image_passes()
    {
        using var image = Good();

        var report = await ScanAsync(image);

        Assert.Empty(report.Findings);
        Assert.True(report.Passed);
    }

    public static TheoryData<string, string> Spoiled => new()
    {
        { "root", "root-user" }, { "no user", "root-user" }, { "user by name", "named-user" },
        { "unpinned base", "unpinned-base" }, { "base by tag", "base-without-digest" },
        { "no health check", "no-healthcheck" }, { "no label", "missing-label" },
        { "setuid", "setuid-file" }, { "setgid", "setgid-file" }, { "world-writable", "world-writable" }, { "world-writable folder", "world-writable" },
        { "shell", "shell-present" }, { "package manager", "package-manager-present" },
        { "private key", "secret-in-layer" }, { "deleted key", "secret-in-layer" }, { ".env", "secret-in-layer" },
        { "password in environment", "secret-in-environment" }, { "capability", "file-capability" }, { "no base", "unknown-base" },
        { "key in a large file", "secret-in-layer" }, { "large key store", "secret-in-layer" }, { "empty key", "secret-in-layer" },
        { "password in arguments", "secret-in-arguments" }, { "token in entry point", "secret-in-arguments" },
        { "token in label", "secret-in-label" }, { "password in history", "secret-in-history" },
    };

    [Theory, MemberData(nameof(Spoiled))]
    public async Task Each_way_of_spoiling_it_is_found_by_its_rule(string how, string rule)
    {
        using var image = Good();
        Spoil(image, how);

        var report = await ScanAsync(image);

        var finding = Assert.Single(report.Findings);
        Assert.Equal(rule, finding.Rule);
        Assert.NotEmpty(finding.Fix);
    }

    [Fact]
    public async Task A_check_that_could_not_run_is_never_a_pass()
    {
        using var image = Good();

        var report = await ScanAsync(image, new FakeScanner(new([], [new("backend", "advisories", "unreachable")])));

        Assert.True(report.WithinPolicy);
        Assert.False(report.Passed);
    }

    [Fact]
    public async Task A_scanner_that_completed_makes_up_for_what_the_built_in_one_cannot_reach_and_only_then()
    {
        var gap = new FakeScanner(new([], [new("backend", "Debian advisories", "none")]));
        using var image = Good();

        var complete = await new ImageScan(Policy, [new FakeScanner(CheckResult.Clean)], gap, Time).RunAsync([Source(image)], _ => { }, TestContext.Current.CancellationToken);
        var broken = await new ImageScan(Policy, [new FakeScanner(new([], [new("backend", "trivy", "failed")]))], gap, Time).RunAsync([Source(image)], _ => { }, TestContext.Current.CancellationToken);

        Assert.True(complete.Passed);
        Assert.Equal(2, broken.Incomplete.Count);
    }

    [Fact]
    public void An_exception_covers_its_finding_until_its_day_and_then_becomes_a_finding()
    {
        var finding = new Finding("backend", "CVE-2026-1", Severity.High, "libssl3 3.0.1", "update");
        var policy = Policy with { Exceptions = [new("CVE-2026-1", "backend", "libssl3 *", "never offered", new(2026, 6, 1))] };

        var last = policy.Apply([finding], [], new(2026, 6, 1));
        var after = policy.Apply([finding], [], new(2026, 6, 2));
        var other = policy.Apply([finding with { Image = "gateway" }], [], new(2026, 6, 1));

        Assert.True(last.Passed);
        Assert.Single(last.Excepted);
        Assert.Equal(["CVE-2026-1", "exception-expired"], after.Findings.Select(one => one.Rule));
        Assert.False(other.Passed);
    }

    [Fact]
    public void A_wrong_policy_is_refused_with_every_problem_and_its_line()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, "failAt: sometimes\nadvisoryDays: 0\nignore: all\nexceptions:\n  - rule: CVE-1\n    image: '*'\n    subject: '*'\n    until: soon\n");

        var error = Assert.Throws<OperationError>(() => ScanPolicy.Read(path));

        Assert.Equal(5, error.Details.Count);
        Assert.Contains(error.Details, line => line.Contains(":1: failAt", StringComparison.Ordinal));
        Assert.Contains(error.Details, line => line.Contains(":3: ignore", StringComparison.Ordinal));
        Assert.Contains(error.Details, line => line.Contains("reason is missing", StringComparison.Ordinal));
        Assert.Contains(error.Details, line => line.Contains(":8: until", StringComparison.Ordinal));
        File.Delete(path);
    }

    [Fact]
    public async Task Sarif_has_every_finding_and_says_whether_the_scan_was_complete()
    {
        using var image = Good();
        Spoil(image, "setuid");
        var report = await ScanAsync(image, new FakeScanner(new([], [new("backend", "advisories", "unreachable")])));

        var run = JsonNode.Parse(Sarif.Write(report, "1.2.3"))!["runs"]![0]!;

        Assert.Equal("setuid-file", (string?)run["results"]![0]!["ruleId"]);
        Assert.Equal("error", (string?)run["results"]![0]!["level"]);
        Assert.False((bool)run["invocations"]![0]!["executionSuccessful"]!);
    }

    [Fact]
    public async Task A_file_with_a_password_and_one_that_the_shell_reads_are_no_secrets_in_arguments()
    {
        using var image = Good();
        image.Config["config"]!["Cmd"] = new JsonArray("--redis-password-file", "/run/secrets/redis", "--token=/run/secrets/token");
        image.Config["history"] = new JsonArray(new JsonObject { ["created_by"] = "RUN TOKEN=$(cat /run/secrets/token) make PASSWORD=\"$TOKEN\"" });

        Assert.Empty((await ScanAsync(image)).Findings);
    }

    [Theory]
    [InlineData("usr/lib/os-release", "ID=ubuntu")]
    [InlineData("lib/x86_64-linux-gnu/libc.so.6", "elf")]
    public async Task An_operating_system_without_records_of_its_packages_is_incomplete_whatever_a_scanner_says(string path, string content)
    {
        using var image = Good().Layer(File_(path, content));

        var report = await ScanWithProgramAsync(image, new FakeScanner(CheckResult.Clean));

        Assert.Equal("OS packages", Assert.Single(report.Incomplete).Check);
        Assert.False(report.Passed);
    }

    [Fact]
    public async Task Records_of_another_system_are_left_to_a_scanner_that_reads_them()
    {
        using var image = Good().Layer(File_("etc/os-release", "ID=alpine"), File_("lib/apk/db/installed", "P:musl"));

        Assert.Equal("OS packages", Assert.Single((await ScanAsync(image)).Incomplete).Check);
        Assert.Empty((await ScanWithProgramAsync(image, new FakeScanner(CheckResult.Clean))).Incomplete);
    }

    [Fact]
    public async Task A_scanner_does_not_make_up_for_packages_that_only_our_own_list_names()
    {
        var gap = new FakeScanner(CheckResult.Clean) { Of = subject => subject.Components.Count == 0 ? CheckResult.Clean : new([], [new("backend", "NuGet advisories", "none")]) };
        using var image = Good().Layer(File_("release/Web/packages.json", """{"projects":[{"frameworks":[{"topLevelPackages":[{"id":"MudBlazor","resolvedVersion":"9.12.0"}]}]}]}"""));

        var report = await ScanWithProgramAsync(image, gap);

        Assert.Equal("NuGet advisories", Assert.Single(report.Incomplete).Check);
    }

    private static MadeImage Good() => new MadeImage().Layer(
        Directory_("tmp", 0x3FF), Directory_("app"), File_("app/Provost.Api", "ELF", 0x1ED), File_("etc/passwd", "app:x:1654"), Link("bin/sh", "nowhere"));

    private static void Spoil(MadeImage image, string how)
    {
        var container = image.Config["config"]!;
        var labels = container["Labels"]!;
        Action spoil = how switch
        {
            "root" => () => container["User"] = "0:0",
            "no user" => () => container["User"] = "",
            "user by name" => () => container["User"] = "app",
            "unpinned base" => () => labels["org.opencontainers.image.base.name"] = "mcr.microsoft.com/dotnet/aspnet:10.0",
            "base by tag" => () => labels["org.opencontainers.image.base.name"] = "mcr.microsoft.com/dotnet/aspnet:10.0.12-noble-chiseled",
            "no health check" => () => container.AsObject().Remove("Healthcheck"),
            "no label" => () => labels.AsObject().Remove("org.opencontainers.image.revision"),
            "setuid" => () => image.Layer(File_("app/su", "x", 0x800 | 0x1ED)),
            "setgid" => () => image.Layer(File_("app/sg", "x", 0x400 | 0x1ED)),
            "world-writable" => () => image.Layer(File_("app/x", "x", 0x1B6)),
            "world-writable folder" => () => image.Layer(Directory_("app/x", 0x1FF)),
            "shell" => () => image.Layer(File_("usr/bin/dash", "x", 0x1ED)),
            "package manager" => () => image.Layer(File_("usr/bin/apt-get", "x", 0x1ED)),
            "private key" => () => image.Layer(File_("app/tls.pem", Key())),
            "deleted key" => () => image.Layer(File_("app/k/tls.pem", Key())).Layer(File_("app/.wh.k", "")),
            "capability" => () => image.Layer(Capable("app/ping")),
            "no base" => () => labels.AsObject().Remove("org.opencontainers.image.base.name"),
            "key in a large file" => () => image.Layer(File_("app/data", new string('x', 5 << 20) + "\n" + Key())),
            "large key store" => () => image.Layer(File_("app/keys.p12", new string('x', 5 << 20))),
            "empty key" => () => image.Layer(File_("app/id_ed25519", "")),
            "password in arguments" => () => container["Cmd"] = new JsonArray("serve", "--redis-password", "hunter2"),
            "token in entry point" => () => container["Entrypoint"] = new JsonArray("/app/serve", "--api-key=abc123"),
            "token in label" => () => labels["campus.deploy.token"] = "abc123",
            "password in history" => () => image.Config["history"] = new JsonArray(new JsonObject { ["created_by"] = "/bin/sh -c #(nop)  ARG NPM_TOKEN=abc123" }),
            ".env" => () => image.Layer(File_("app/.env", "A=1")),
            _ => () => container["Env"]!.AsArray().Add("Redis__Password=hunter2"),
        };
        spoil();
    }

    private static PaxTarEntry Capable(string path) => new(
        TarEntryType.RegularFile, path, new Dictionary<string, string> { ["SCHILY.xattr.security.capability"] = "granted" })
    {
        DataStream = new MemoryStream([1]),
        Mode = (UnixFileMode)0x1ED,
    };

    // Put together here: a scanner of this repository should not find a key in it.
    private static string Key() => "-----BEGIN " + "PRIVATE KEY-----\n" + new string('A', 64) + "\n-----END";

    private static ImageSource Source(MadeImage image) => new("backend", null, (_, _) => Task.FromResult(image.Saved()));

    private static Task<ScanReport> ScanAsync(MadeImage image, IScanner? builtIn = null) =>
        new ImageScan(Policy, [], builtIn ?? new FakeScanner(CheckResult.Clean), Time).RunAsync([Source(image)], _ => { }, TestContext.Current.CancellationToken);

    private static Task<ScanReport> ScanWithProgramAsync(MadeImage image, IScanner builtIn) =>
        new ImageScan(Policy, [new FakeScanner(CheckResult.Clean)], builtIn, Time).RunAsync([Source(image)], _ => { }, TestContext.Current.CancellationToken);

    private sealed class FakeScanner(CheckResult result) : IScanner
    {
        public Func<ScanSubject, CheckResult>? Of { get; init; }

        public Task<CheckResult> ScanAsync(ScanSubject subject, CancellationToken cancellation) => Task.FromResult(Of?.Invoke(subject) ?? result);
    }
}
