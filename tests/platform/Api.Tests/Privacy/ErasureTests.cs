using System.Net;
using System.Text.Json;
using Provost.Api.Courses;
using Provost.Api.Facts;
using Provost.Api.Privacy;
using Provost.Api.State;
using Provost.Api.Tests.Harness;
using Provost.Contracts;
using Provost.Harness;

namespace Provost.Api.Tests.Privacy;

public sealed class ErasureTests(RealStores stores)
{
    private readonly string course = $"Erase {Guid.NewGuid():N}"[..18];

    private string Id => CourseId.From(course);

    [Fact]
    public async Task Erasing_removes_names_marks_of_all_versions_and_the_account_and_an_old_file_brings_nothing_back()
    {
        await using var api = await ApiServer.StartAsync(stores);
        await using var replica = await ApiServer.StartAsync(stores);
        await api.ImportAsync(course, SeededGradebook.Canvas(20, 6));
        await api.ImportAsync(course, SeededGradebook.Canvas(20, 6, revision: 1));
        using var admin = await api.SignInAsync($"admin-{Id}", Role.Admin);
        using var professor = await replica.SignInAsync($"p-{Id}", Role.Professor, course);
        using var student = await api.SignInAsync($"s-{Id}", Role.Student, course, student: "u7");
        var key = (await student.SessionAsync()).Memberships.Single().Student!;
        Assert.Contains(key, await professor.Http.GetStringAsync($"api/courses/{Id}/overview"), StringComparison.Ordinal);

        var receipt = await ApiClient.ReadAsync<ErasureReceipt>(await admin.PostAsync("api/admin/erasures", new ErasureRequest("U7", course)));

        Assert.Equal((1, 1), (receipt.NamesErased, receipt.AccountsErased));
        Assert.True(receipt.CellsErased >= 6, $"{receipt.CellsErased} cells");
        Assert.DoesNotContain(key, await professor.Http.GetStringAsync($"api/courses/{Id}/overview"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await student.Http.GetAsync($"api/courses/{Id}/standing")).StatusCode);
        Assert.DoesNotContain(key, (await api.Get<NameState>().AllAsync(Id)).Keys);
        Assert.Equal(0ul, await RowsAsync(api, "cells", key));
        Assert.Equal(0ul, await RowsAsync(api, "students", key));

        var again = await api.ImportAsync(course, SeededGradebook.Canvas(20, 6, revision: 2));
        Assert.Contains(again.Warnings, warning => warning.Contains("erased", StringComparison.Ordinal));
        Assert.Equal(19, (await api.Get<CourseState>().FindAsync(Id))!.Students);
        Assert.Equal(0ul, await RowsAsync(api, "cells", key));
    }

    [Fact]
    public async Task An_import_that_was_planned_before_and_commits_during_an_erasure_brings_nothing_back()
    {
        await using var api = await ApiServer.StartAsync(stores);
        await api.ImportAsync(course, SeededGradebook.Canvas(20, 6));
        var (courses, facts, names) = (api.Get<CourseState>(), api.Get<SnapshotFacts>(), api.Get<NameState>());
        var key = (await names.AllAsync(Id)).Single(name => name.Value.Login == "u7").Key;
        var before = (await courses.FindAsync(Id))!;
        var planned = await facts.ReadAsync(Id, before.Snapshot, TestContext.Current.CancellationToken);

        await names.MarkErasedAsync(Id, [key]);
        await facts.EraseAsync(Id, [key], TestContext.Current.CancellationToken);
        var version = await courses.NextVersionAsync(Id);
        await facts.WriteAsync(Id, version, planned, TestContext.Current.CancellationToken);
        Assert.NotNull(await courses.ReplaceAsync(new CourseCommit(before, before with { Version = version, Snapshot = version }, "import", "Marks were imported")));
        Assert.NotEqual(0ul, await RowsAsync(api, "cells", key));

        var again = await api.Get<Erasure>().RenewAsync(Id, [key], TestContext.Current.CancellationToken);

        Assert.InRange(again, 1, 6);
        Assert.Equal(0ul, await RowsAsync(api, "cells", key));
        Assert.Equal(0ul, await RowsAsync(api, "students", key));
        var after = (await courses.FindAsync(Id))!;
        Assert.Equal((19, version), (after.Students, after.Snapshot));
        Assert.True(after.Version > version);
    }

    [Fact]
    public async Task The_receipt_is_a_line_of_a_chain_in_which_no_line_can_be_changed_or_removed()
    {
        await using var api = await ApiServer.StartAsync(stores);
        await api.ImportAsync(course, SeededGradebook.Canvas(12, 4));
        using var admin = await api.SignInAsync($"admin-{Id}", Role.Admin);
        var receipts = new List<ErasureReceipt>();
        foreach (var subject in (string[])["u1", "u2", "20003"])
            receipts.Add(await ApiClient.ReadAsync<ErasureReceipt>(await admin.PostAsync("api/admin/erasures", new ErasureRequest(subject, course))));

        var lines = await api.Get<ErasureLedger>().AllAsync();
        Assert.All(receipts, receipt => Assert.Contains(lines, line => line.Id == receipt.Id && line.Proof == receipt.Proof));
        Assert.Null(ErasureLedger.FirstBroken(lines));
        Assert.NotNull(ErasureLedger.FirstBroken([.. lines[..^2], lines[^1]]));
        Assert.NotNull(ErasureLedger.FirstBroken([.. lines[..^1], lines[^1] with { Cells = 0 }]));
        Assert.DoesNotContain("u1\"", JsonSerializer.Serialize(lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_ids_and_addresses_are_in_no_table_and_in_Redis_only_encrypted()
    {
        await using var api = await ApiServer.StartAsync(stores);
        await api.ImportAsync(course, SeededGradebook.Canvas(12, 4));
        using var professor = await api.SignInAsync($"p-{Id}", Role.Professor, course);
        Assert.Contains("Sample3", await professor.Http.GetStringAsync($"api/courses/{Id}/overview"), StringComparison.Ordinal);

        var stored = await api.Get<RedisStore>().RunAsync("test", async database =>
        {
            var found = new List<string>();
            foreach (var key in (string[])[Keys.Course(Id), Keys.Names(Id), Keys.Insights(Id)])
                found.AddRange((await database.HashGetAllAsync(key)).Select(entry => $"{entry.Name} {System.Text.Encoding.Latin1.GetString((byte[])entry.Value!)}"));
            return string.Join('\n', found);
        });
        Assert.NotEmpty(stored);
        foreach (var secret in (string[])["Sample3", "u3@example.edu", "20003"])
            Assert.DoesNotContain(secret, stored, StringComparison.Ordinal);
        using var dump = await api.Get<FactsStore>().ReadAsync("test", $"SELECT * FROM {api.Get<FactsStore>().Database}.students WHERE course = {{course:String}}",
            TestContext.Current.CancellationToken, ("course", Id));
        Assert.DoesNotContain("Sample3", System.Text.Encoding.Latin1.GetString(dump.Span), StringComparison.Ordinal);
        // Keys are base32, which has neither 0 nor 1: this id cannot be part of one by chance.
        Assert.DoesNotContain("20003", System.Text.Encoding.Latin1.GetString(dump.Span), StringComparison.Ordinal);
    }

    private static Task<ulong> RowsAsync(ApiServer api, string table, string key) => api.Get<FactsStore>().CountAsync(
        "test", $"SELECT count() FROM {api.Get<FactsStore>().Database}.{table} WHERE student = {{student:String}}",
        TestContext.Current.CancellationToken, ("student", key));
}
