using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Tests.Tools;

public sealed class SpawnTests
{
    [Fact]
    public void A_child_gets_exactly_what_it_is_given()
    {
        using var temporary = new TemporaryState();
        var (input, output) = (Path.Combine(temporary.State.Root, "input"), Path.Combine(temporary.State.Root, "output"));
        File.WriteAllText(input, "through descriptor 3\n");
        using var file = File.OpenHandle(input);

        var pid = Spawn.Start(new SpawnRequest(
            "/bin/sh", ["-c", "cat <&3; env | grep -v -e ^PWD= -e ^_= -e ^SHLVL= -e ^OLDPWD=; ps -o sid= -p $$; ls /proc/$$/fd | tr '\\n' ' '; kill -PIPE $$; echo survived"],
            new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin", ["ONLY"] = "this ünicode" }, [(int)file.DangerousGetHandle()], output));
        Assert.Equal(pid, Native.WaitPid(pid, out var status, 0));

        var lines = File.ReadAllLines(output).Select(l => l.Trim()).ToList();
        Assert.Equal("through descriptor 3", lines[0]);
        Assert.Contains("ONLY=this ünicode", lines);
        Assert.DoesNotContain(lines, l => l.StartsWith("HOME=", StringComparison.Ordinal));
        Assert.Contains($"{pid}", lines);
        Assert.Contains("0 1 2 3", lines[^1], StringComparison.Ordinal);
        Assert.Equal(13, status & 0x7F);
    }

    [Fact]
    public void A_missing_program_is_an_error_that_names_it()
    {
        using var temporary = new TemporaryState();

        var error = Assert.Throws<OperationError>(() => Spawn.Start(
            new SpawnRequest("/nowhere/program", [], new Dictionary<string, string>(), [], Path.Combine(temporary.State.Root, "output"))));

        Assert.Contains("/nowhere/program", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_is_known_beyond_the_reuse_of_its_number()
    {
        var self = ProcessTable.Identify(Environment.ProcessId)!;

        Assert.True(ProcessTable.IsAlive(self));
        Assert.False(ProcessTable.IsAlive(self with { StartTicks = self.StartTicks - 1 }));
        Assert.False(ProcessTable.IsAlive(self with { Boot = "another boot" }));
        Assert.True(ProcessTable.ResidentBytes(self.Pid) > 1 << 20);
    }
}
