using Provost.Hosting;
using Provost.Hosting.Health;
using Provost.WebHost;

return HealthProbe.IsAsked(args) ? await HealthProbe.RunAsync() : await BundleHost.Build(args).RunServiceAsync();
