namespace Provost.Hosting.Tests.Configuration;

public sealed class StartupTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Refuses_wrong_settings_all_together_with_key_and_remedy_and_no_stack_trace()
    {
        using var service = TestProcess.Start(
            ("Service__DrainSeconds", "soon"), ("Listen__Http", "somewhere"), ("Logs__Level", "Loud"),
            ("Sample__Size", "big"), ("Sample__Colour", "invisible"), ("Secrets__Directory", "/nowhere/secrets"));

        Assert.Equal((int)ExitCode.Configuration, await service.ExitAsync(Limit));

        foreach (var expected in new[]
        {
            "PROVOST_Service__DrainSeconds is \"soon\", which is not a number: set a number",
            "PROVOST_Listen__Http is \"somewhere\"",
            "PROVOST_Logs__Level is \"Loud\", which is not one of Trace",
            "PROVOST_Sample__Size is \"big\", which is not a whole number: set a whole number",
            "PROVOST_Sample__Colour is \"invisible\": set a colour that can be seen",
            "PROVOST_Secrets__Directory is \"/nowhere/secrets\", which cannot be read",
        })
        {
            Assert.Contains(expected, service.Output);
        }

        Assert.DoesNotContain("   at ", service.Output);
    }

    [Fact]
    public async Task Check_configuration_refuses_keys_that_no_options_know()
    {
        using var service = TestProcess.Start(["service", "check-configuration"], [("Sample__Sise", "3"), ("Sample__Size", "3")]);

        Assert.Equal((int)ExitCode.Configuration, await service.ExitAsync(Limit));
        Assert.Contains("PROVOST_Sample__Sise is not a setting of this service", service.Output);
        Assert.DoesNotContain("Sample__Size", service.Output);
    }

    [Fact]
    public async Task Check_configuration_accepts_what_is_right_without_listening()
    {
        using var service = TestProcess.Start(["service", "check-configuration"], [("Sample__Size", "3")]);

        Assert.Equal(0, await service.ExitAsync(Limit));
        Assert.DoesNotContain("listening", service.Output);
    }

    [Fact]
    public async Task Says_which_address_is_taken()
    {
        using var taken = TestProcess.Listen();
        using var service = TestProcess.Start(("Listen__Http", $"tcp:{taken.LocalEndPoint}"));

        Assert.Equal((int)ExitCode.CannotListen, await service.ExitAsync(Limit));
        Assert.Contains($"PROVOST_Listen__Http is \"tcp:{taken.LocalEndPoint}\", which cannot be opened", service.Output);
        Assert.DoesNotContain("   at ", service.Output);
    }
}
