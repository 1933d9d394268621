using System.Net;
using Provost.Api.State;
using Provost.Api.Tests.Harness;
using Provost.Contracts;
using Provost.Harness;

namespace Provost.Api.Tests.Imports;

public sealed class ImportTests(RealStores stores)
{
    [Fact]
    public async Task The_same_file_twice_changes_nothing()
    {
        await using var api = await ApiServer.StartAsync(stores);
        var csv = SeededGradebook.Canvas(30, 10);

        var first = await api.ImportAsync("Twice 1", csv);
        var second = await api.ImportAsync("Twice 1", csv);

        Assert.True(first.Changed);
        Assert.Equal((30, 10, 30), (first.Students, first.Assessments, first.AddedStudents));
        Assert.False(second.Changed);
        Assert.Equal(first.Version, second.Version);
        Assert.Equal(first.Cells, second.Cells);
        Assert.Single(await api.Get<CourseState>().ImportsAsync("twice-1"));
    }
}
