using Provost.Analytics.Cells;

namespace Provost.Gradebooks.Tests;

public sealed class OuladTests
{
    [Fact]
    public async Task Reads_the_shared_folder_with_its_known_counts()
    {
        var folder = TestFiles.Shared("oulad");
        Assert.SkipUnless(folder is not null, "the shared OULAD tables are not on this machine");
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var books = await GradebookReader.ReadFolderAsync(folder, cancellation: TestContext.Current.CancellationToken);
        TestContext.Current.SendDiagnosticMessage($"OULAD folder: {watch.ElapsedMilliseconds} ms");
        Assert.Equal(15, books.Count);
        Assert.Equal(121_738, books.Sum(book => book.Cells.Count(cell => cell.State is CellState.Graded or CellState.Pending)));
        Assert.Equal(21_333, books.Sum(book => book.Students.Count));
        Assert.All(books, book => Assert.Empty(book.Warnings));
    }
}
