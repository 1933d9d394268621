using System.Text.Json.Nodes;
using Provost.Runbooks.Ledgers;

namespace Provost.Runbooks.Tests.Ledgers;

public sealed class LedgerTests : IDisposable
{
    private readonly TemporaryState temporary = new();

    private Ledger Ledger => Ledger.Of(temporary.State, TimeProvider.System);

    private string File => Path.Combine(temporary.State.Root, "ledger.jsonl");

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void What_was_appended_is_read_back_in_order_and_whole()
    {
        Append(3);

        Assert.Equal(["release 1", "release 2", "release 3"], Ledger.Read().Select(e => e.Subject));
        Assert.Equal(7, Ledger.Read()[1].Details!["requests"]!.GetValue<int>());
        Assert.Equal(new LedgerVerification(true, 3, Ledger.Read()[2].Hash, null, null), Ledger.Verify());
    }

    [Fact]
    public void An_empty_ledger_is_whole() => Assert.True(Ledger.Verify().Whole);

    [Fact]
    public void Every_single_changed_byte_is_found()
    {
        Append(2);
        var whole = System.IO.File.ReadAllBytes(File);
        for (var i = 0; i < whole.Length - 1; i++)
        {
            byte[] changed = [.. whole];
            changed[i] ^= 1;
            System.IO.File.WriteAllBytes(File, changed);
            Assert.False(Ledger.Verify().Whole, $"byte {i}");
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    public void A_removed_line_is_found_also_at_the_end(int removed, int found)
    {
        Append(3);
        var lines = System.IO.File.ReadAllLines(File).ToList();
        lines.RemoveAt(removed);
        System.IO.File.WriteAllLines(File, lines);

        Assert.Equal((false, found), (Ledger.Verify().Whole, (int)Ledger.Verify().Line!));
    }

    [Fact]
    public void Lines_that_changed_places_are_found()
    {
        Append(3);
        var lines = System.IO.File.ReadAllLines(File);
        System.IO.File.WriteAllLines(File, [lines[0], lines[2], lines[1]]);

        Assert.Equal(2, Ledger.Verify().Line);
    }

    [Fact]
    public void A_piece_that_a_power_cut_left_is_taken_away_by_the_next_entry()
    {
        Append(1);
        System.IO.File.AppendAllText(File, "{\"number\":2,\"at\":\"20");
        Append(1);

        Assert.True(Ledger.Verify().Whole, Ledger.Verify().Problem);
        Assert.Equal(2, Ledger.Read().Count);
    }

    [Fact]
    public void Many_writers_at_once_make_one_chain()
    {
        Parallel.For(0, 20, new ParallelOptions { CancellationToken = TestContext.Current.CancellationToken }, _ => Append(1));

        Assert.Equal((true, 20L), (Ledger.Verify().Whole, Ledger.Verify().Entries));
    }

    private void Append(int count)
    {
        for (var i = 1; i <= count; i++)
        {
            Ledger.Append(new LedgerRecord("deploy", $"release {i}", "done", 1.25, new JsonObject { ["requests"] = 7 }));
        }
    }
}
