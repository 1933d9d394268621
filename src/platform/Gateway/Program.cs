using Provost.Gateway;
using Provost.Hosting;
using Provost.Hosting.Health;

return HealthProbe.IsAsked(args) ? await HealthProbe.RunAsync() : await GatewayHost.Build(args).RunServiceAsync();
