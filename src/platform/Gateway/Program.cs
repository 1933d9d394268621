using Provost.Gateway;
using Provost.Hosting;

return await GatewayHost.Build(args).RunServiceAsync();
