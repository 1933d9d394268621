using Provost.Runbooks.Tests.Images;
using Provost.Runbooks.Tools;

namespace Provost.Runbooks.Tests.Tools;

public sealed class ConversationTests
{
    [Fact]
    public async Task Each_question_gets_its_answer_from_one_program()
    {
        using var program = new FakeProgram("echo", """while read -r line; do echo "$$ $line"; done""");
        await using var conversation = Conversation.Start(new Command(program.Path, []));

        var first = await conversation.AskAsync("one", TestContext.Current.CancellationToken);
        var second = await conversation.AskAsync("two", TestContext.Current.CancellationToken);

        Assert.EndsWith(" one", first, StringComparison.Ordinal);
        Assert.Equal(first.Split(' ')[0] + " two", second);
    }

    [Fact]
    public async Task A_program_that_ends_is_an_error_with_its_last_words()
    {
        using var program = new FakeProgram("docker", "echo 'no such container' >&2; read -r line; exit 1");
        await using var conversation = Conversation.Start(new Command(program.Path, []));

        var error = await Assert.ThrowsAsync<IOException>(() => conversation.AskAsync("one", TestContext.Current.CancellationToken));

        Assert.Contains("no such container", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_is_not_there_is_an_error_too() =>
        Assert.Contains("/nowhere/docker", Assert.Throws<IOException>(() => Conversation.Start(new Command("/nowhere/docker", []))).Message, StringComparison.Ordinal);
}
