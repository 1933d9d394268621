using Provost.Hosting;
using Provost.Hosting.Tests;

return args is ["service", ..]
    ? await ServiceUnderTest.Build(args[1..]).RunServiceAsync()
    : await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
