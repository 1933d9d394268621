using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Provost.Api.Courses;
using Provost.Api.Facts;
using Provost.Api.State;
using Provost.Api.Tests.Harness;
using Provost.Contracts;

namespace Provost.Api.Tests.Imports;

/// <summary>Files that are broken or meant to break something: refused, and nothing is left of them.</summary>
public sealed class HostileImportTests(RealStores stores)
{
    private static readonly Dictionary<string, Func<byte[]>> Files = new()
    {
        ["nul.csv"] = () => Latin("Student,ID\0\0\0\0\0,Quiz\nAnn,1,2\n"),
        ["empty.csv"] = () => [],
        ["page.csv"] = () => Latin("<!DOCTYPE html><html><body>Sign in</body></html>"),
        ["picture.csv"] = () => Latin("\u0089PNG\r\n\u001a\n"),
        ["twice.csv"] = () => Latin("Student,ID,SIS User ID,SIS Login ID,Section,Quiz (2)\nPoints Possible,,,,,10\n\"A, B\",1,a,a,A,3\n\"A, B\",1,a,a,A,9\n"),
        ["long-line.csv"] = () => Latin("Name,Quiz\nAda,9\nBo," + new string('9', 3 << 20) + "\n"),
        ["columns.csv"] = () => Latin("Name," + string.Join(',', Enumerable.Range(1, 100_000).Select(i => $"Q{i}")) + "\nAda\n"),
        ["bomb.zip"] = Bomb,
    };

    private readonly string course = $"Hostile {Guid.NewGuid():N}"[..20];

    public static TheoryData<string> Names => [.. Files.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_hostile_file_gets_a_clear_error_and_leaves_the_course_as_it_was(string file)
    {
        await using var api = await ApiServer.StartAsync(stores);
        using var professor = await api.SignInAsync($"p-{CourseId.From(course)}", Role.Professor, course);
        var before = await api.Get<CourseState>().FindAsync(CourseId.From(course));

        using var answer = await professor.Http.PostAsync($"api/courses/{CourseId.From(course)}/imports?file={file}", new ByteArrayContent(Files[file]()));
        await MustBeRefusedAsync(answer);

        Assert.Equal(before, await api.Get<CourseState>().FindAsync(CourseId.From(course)));
        await MustBeEmptyAsync(api);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_hostile_file_that_is_the_first_of_a_course_does_not_make_the_course(string file)
    {
        await using var api = await ApiServer.StartAsync(stores);

        using var answer = await api.Operator.PostAsync($"api/operator/imports?course={Uri.EscapeDataString(course)}&file={file}", new ByteArrayContent(Files[file]()));
        await MustBeRefusedAsync(answer);

        Assert.Null(await api.Get<CourseState>().FindAsync(CourseId.From(course)));
        Assert.DoesNotContain(await api.Get<CourseState>().AllAsync(), known => known.Name == course);
        await MustBeEmptyAsync(api);
    }

    private static async Task MustBeRefusedAsync(HttpResponseMessage answer)
    {
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.False(string.IsNullOrWhiteSpace(problem.GetProperty("title").GetString()));
        Assert.False(string.IsNullOrWhiteSpace(problem.GetProperty("detail").GetString()));
    }

    private async Task MustBeEmptyAsync(ApiServer api)
    {
        var id = CourseId.From(course);
        Assert.Empty(await api.Get<NameState>().AllAsync(id));
        Assert.Empty(await api.Get<CourseState>().ImportsAsync(id));
        Assert.Empty(await api.Get<CourseState>().ChangesAfterAsync(id, 0));
        Assert.Equal(0ul, await api.Get<SnapshotFacts>().CountAsync(id, 1, TestContext.Current.CancellationToken));
    }

    private static byte[] Latin(string text) => Encoding.Latin1.GetBytes(text);

    // 64 MB of one row, again and again, in a few hundred kilobytes.
    private static byte[] Bomb()
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        using (var entry = zip.CreateEntry("grades.csv", CompressionLevel.Optimal).Open())
        {
            var row = Latin("Ada," + new string('1', 2_000) + "\n");
            for (var i = 0; i < 32_000; i++)
                entry.Write(row);
        }

        return bytes.ToArray();
    }
}
