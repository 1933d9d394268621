using Provost.Cli.Installations;

namespace Provost.Cli.Tests.Installations;

public sealed class AtStoresTests
{
    [Theory]
    [InlineData("backup verify --restore --json", null, "backup verify --restore --json")]
    [InlineData("backup --config provost.yaml create --site campus --json", null, "backup create --json")]
    [InlineData("recovery-kit check kit.txt", "kit.txt", "recovery-kit check -")]
    [InlineData("recovery-kit check check", "check", "recovery-kit check -")]
    [InlineData("drill restore --kit kit.txt --backup 2026", "kit.txt", "drill restore --kit - --backup 2026")]
    public void A_container_is_asked_what_was_typed_without_files_of_this_machine(string typed, string? file, string asked) =>
        Assert.Equal(asked.Split(' '), AtStores.Forwarded(typed.Split(' '), file));
}
