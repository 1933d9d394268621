using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Provost.Runbooks.Images.Sboms;
using Provost.Runbooks.Images.Scans;
using Provost.Runbooks.Images.Scans.Advisories;
using Provost.Runbooks.Images.Scans.Scanners;

namespace Provost.Runbooks.Tests.Images;

public sealed class AdvisoryTests : IDisposable
{
    private static readonly Component Ssl = new(Ecosystem.Deb, "libssl3", "3.0.11-1~deb12u2") { Distribution = "debian-12", Source = "openssl", Architecture = "amd64" };
    private static readonly Component Json = new(Ecosystem.NuGet, "Newtonsoft.Json", "12.0.3");
    private static readonly Component Lodash = new(Ecosystem.Npm, "lodash", "4.17.15");
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("provost-advisories-");
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("1.0-1", "1.0-2", -1)]
    [InlineData("1.0~rc1-1", "1.0-1", -1)]
    [InlineData("1.0", "1.0-0", 0)]
    [InlineData("1:0.1", "9.9", 1)]
    [InlineData("2.36-9+deb12u4", "2.36-9+deb12u10", -1)]
    [InlineData("1.0a", "1.0+", -1)]
    [InlineData("1.0-1~deb12u1", "1.0-1", -1)]
    [InlineData("10.2", "9.12", 1)]
    [InlineData("1.2.3", "1.2.3", 0)]
    public void Debian_versions_are_ordered_as_dpkg_does(string left, string right, int order)
    {
        Assert.Equal(order, Math.Sign(DebianVersionOrder.Instance.Compare(left, right)));
        Assert.Equal(-order, Math.Sign(DebianVersionOrder.Instance.Compare(right, left)));
    }

    [Theory]
    [InlineData("12.0.3", true)]
    [InlineData("13.0.1", false)]
    [InlineData("13.0.1-beta1", true)]
    [InlineData("9.0.0", false)]
    public void A_range_holds_from_introduced_to_before_fixed(string version, bool affected)
    {
        var advisory = Assert.Single(OsvFile.Read(JsonNode.Parse(Osv("NuGet", "Newtonsoft.Json", "10.0.0", "13.0.1"))!));

        Assert.Equal(affected, advisory.Affects(Json with { Version = version }));
        Assert.Equal(Severity.High, advisory.Severity);
    }

    // Scores of the specification's own examples and of the National Vulnerability Database.
    [Theory]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8)]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0)]
    [InlineData("CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4)]
    [InlineData("CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", 3.1)]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", 7.5)]
    [InlineData("CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:N", 0.0)]
    public void A_vector_has_the_score_of_its_specification(string vector, double score) => Assert.Equal(score, CvssVector.BaseScore(vector));

    [Theory]
    [InlineData("CVSS:3.1/AV:N/AC:L")]
    [InlineData("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N")]
    [InlineData("high")]
    public void What_is_no_whole_vector_has_no_score(string vector) => Assert.Null(CvssVector.BaseScore(vector));

    [Theory]
    [InlineData("""[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N"}]""", Severity.Low)]
    [InlineData("""[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]""", Severity.Critical)]
    [InlineData("""[{"type":"Ubuntu","score":"medium"}]""", Severity.Medium)]
    [InlineData("""[{"type":"CVSS_V4","score":"CVSS:4.0/AV:P/AC:L"}]""", Severity.High)]
    [InlineData("[]", Severity.High)]
    public void The_severity_is_that_of_the_vector_or_of_the_distributions_word_and_high_without_either(string severity, Severity expected)
    {
        var record = JsonNode.Parse("""{"id":"UBUNTU-CVE-2026-1","affected":[{"package":{"ecosystem":"Ubuntu:24.04:LTS","name":"openssl"}}]}""")!;
        record["severity"] = JsonNode.Parse(severity);

        Assert.Equal(expected, Assert.Single(OsvFile.Read(record)).Severity);
    }

    [Fact]
    public async Task A_known_vulnerable_package_is_found_in_the_files_of_osv()
    {
        Write("NuGet.json", $"[{Osv("NuGet", "Newtonsoft.Json", "0", "13.0.1")}]");
        Zip("Debian.zip", Osv("Debian:12", "openssl", "0", "3.0.13-1~deb12u1"), Osv("Debian:11", "openssl", "0", "9.9"), Osv("Debian:12", "zlib", "0", "9.9"));
        Write("npm.json", $"[{Osv("npm", "lodash", "0", "4.17.21")}]");

        var result = await ScanAsync(Ssl, Json, Lodash);

        Assert.Empty(result.Incomplete);
        Assert.Equal(["Newtonsoft.Json 12.0.3", "libssl3 3.0.11-1~deb12u2", "lodash 4.17.15"], result.Findings.Select(finding => finding.Subject).Order(StringComparer.Ordinal));
        Assert.Contains(result.Findings, finding => finding.Fix.Contains("3.0.13-1~deb12u1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_security_tracker_of_debian_is_understood()
    {
        Write("debian-security-tracker.json", """
            {"openssl":{"CVE-2026-1":{"releases":{"bookworm":{"status":"resolved","fixed_version":"3.0.13-1~deb12u1","urgency":"high"},"trixie":{"status":"open","urgency":"low"}}},
                        "CVE-2026-2":{"releases":{"bookworm":{"status":"resolved","fixed_version":"0","urgency":"unimportant"}}},
                        "CVE-2026-3":{"releases":{"bookworm":{"status":"open","urgency":"not yet assigned"}}},
                        "CVE-2026-4":{"releases":{"bookworm":{"status":"resolved","fixed_version":"3.0.10-1","urgency":"high"}}}}}
            """);

        var result = await ScanAsync(Ssl);

        Assert.Equal([("CVE-2026-1", Severity.High), ("CVE-2026-3", Severity.Medium)], result.Findings.Select(finding => (finding.Rule, finding.Severity)));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("old")]
    [InlineData("damaged")]
    public async Task Without_fresh_advisories_the_scan_is_incomplete(string how)
    {
        if (how != "missing")
        {
            Write("Debian.json", how == "damaged" ? "[{" : "[]");
        }
        if (how == "old")
        {
            File.SetLastWriteTimeUtc(Path.Combine(folder.FullName, "Debian.json"), time.GetUtcNow().UtcDateTime.AddDays(-15));
        }

        var result = await ScanAsync(Ssl);

        Assert.Single(result.Incomplete);
        Assert.Empty(result.Findings);
    }

    [Fact]
    public async Task A_feed_without_vulnerabilities_makes_the_scan_incomplete_rather_than_clean()
    {
        using var http = new HttpClient(new Answers(new() { ["/index.json"] = """{"resources":[{"@id":"https://feed.example/flat/","@type":"PackageBaseAddress/3.0.0"}]}""" }));

        var result = await NuGet(http).CheckAsync("backend", [Json], TestContext.Current.CancellationToken);

        Assert.Contains("VulnerabilityInfo", Assert.Single(result.Incomplete).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_vulnerability_resource_of_a_feed_is_matched_with_what_is_in_the_image()
    {
        using var http = new HttpClient(new Answers(new()
        {
            ["/index.json"] = """{"resources":[{"@id":"https://feed.example/v/index.json","@type":"VulnerabilityInfo/6.7.0"}]}""",
            ["/v/index.json"] = """[{"@name":"base","@id":"https://feed.example/v/base.json"}]""",
            ["/v/base.json"] = """{"newtonsoft.json":[{"severity":2,"url":"https://github.com/advisories/GHSA-5crp-9r3c-p9vr","versions":"(, 13.0.1)"}],"other":[{"severity":3,"url":"https://x/y","versions":"(, 99.0.0)"}]}""",
        }));

        var result = await NuGet(http).CheckAsync("backend", [Json, Json with { Name = "Serilog" }], TestContext.Current.CancellationToken);

        var finding = Assert.Single(result.Findings);
        Assert.Equal(("GHSA-5crp-9r3c-p9vr", Severity.High), (finding.Rule, finding.Severity));
        Assert.Empty(result.Incomplete);
    }

    [Fact]
    public async Task An_npm_registry_that_does_not_answer_the_question_makes_the_scan_incomplete()
    {
        using var http = new HttpClient(new Answers([]));

        var result = await Npm(http).CheckAsync("stores", [Lodash], TestContext.Current.CancellationToken);

        Assert.Contains("404", Assert.Single(result.Incomplete).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_npm_registry_knows_is_a_finding()
    {
        using var http = new HttpClient(new Answers(new() { ["/-/npm/v1/security/advisories/bulk"] = """{"lodash":[{"id":1,"url":"https://github.com/advisories/GHSA-35jh","severity":"moderate","vulnerable_versions":"<4.17.21"}]}""" }));

        var result = await Npm(http).CheckAsync("stores", [Lodash], TestContext.Current.CancellationToken);

        Assert.Equal(("GHSA-35jh", Severity.Medium, "lodash 4.17.15"), result.Findings.Select(one => (one.Rule, one.Severity, one.Subject)).Single());
    }

    private static NuGetAdvisories NuGet(HttpClient http) => new(http, _ => Task.FromResult<IReadOnlyList<string>>(["https://feed.example/index.json"]));

    private static NpmAdvisories Npm(HttpClient http) => new(http, _ => Task.FromResult<string?>("https://feed.example/"));

    private async Task<CheckResult> ScanAsync(params Component[] components)
    {
        using var http = new HttpClient(new Answers([]));
        var scanner = new AdvisoryScanner(new AdvisoryFolder(folder.FullName, 14, time), NuGet(http), Npm(http));
        return await scanner.ScanAsync(new("backend", components, _ => Task.FromResult("")), TestContext.Current.CancellationToken);
    }

    private void Write(string name, string text)
    {
        File.WriteAllText(Path.Combine(folder.FullName, name), text);
        File.SetLastWriteTimeUtc(Path.Combine(folder.FullName, name), time.GetUtcNow().UtcDateTime);
    }

    private void Zip(string name, params string[] records)
    {
        using (var zip = ZipFile.Open(Path.Combine(folder.FullName, name), ZipArchiveMode.Create))
        {
            foreach (var (record, index) in records.Select((record, index) => (record, index)))
            {
                using var writer = new StreamWriter(zip.CreateEntry($"{index}.json").Open());
                writer.Write(record);
            }
        }
        File.SetLastWriteTimeUtc(Path.Combine(folder.FullName, name), time.GetUtcNow().UtcDateTime);
    }

    private static string Osv(string ecosystem, string package, string introduced, string fixedIn) => $$$"""
        {"id":"X-{{{package}}}","affected":[{"package":{"ecosystem":"{{{ecosystem}}}","name":"{{{package}}}"},
         "ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"{{{introduced}}}"},{"fixed":"{{{fixedIn}}}"}]}]}],"database_specific":{"severity":"HIGH"}}
        """;

    private sealed class Answers(Dictionary<string, string> pages) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(
            pages.TryGetValue(request.RequestUri!.AbsolutePath, out var page)
                ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(page, System.Text.Encoding.UTF8, "application/json") }
                : new HttpResponseMessage(HttpStatusCode.NotFound));
    }
}
