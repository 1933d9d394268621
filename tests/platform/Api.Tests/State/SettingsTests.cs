using Provost.Hosting;

namespace Provost.Api.Tests.State;

public sealed class SettingsTests
{
    [Fact]
    public async Task Missing_settings_are_refused_with_words_and_not_with_a_stack_trace()
    {
        var api = ApiHost.Build([], [KeyValuePair.Create("Listen:Http", (string?)"tcp:127.0.0.1:0")]);

        Assert.Equal((int)ExitCode.Configuration, await api.RunServiceAsync());
    }
}
