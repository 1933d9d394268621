using Provost.Gateway;
using Provost.Hosting;
using Provost.Hosting.Health;
using Provost.Hosting.Listening;

return HealthProbe.IsAsked(args) ? await HealthProbe.RunAsync()
    : AdminConversation.IsAsked(args) ? await AdminConversation.RunAsync()
    : SocketHolder.IsAsked(args) ? await SocketHolder.RunAsync(args)
    : await GatewayHost.Build(args).RunServiceAsync();
