using Provost.Gateway;
using Provost.Gateway.Tests;
using Provost.Hosting;
using Provost.Hosting.Tests;

return args switch
{
    ["service", ..] => await ServiceUnderTest.Build(args[1..]).RunServiceAsync(),
    ["gateway", ..] => await GatewayHost.Build(args[1..]).RunServiceAsync(),
    _ => await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
};
