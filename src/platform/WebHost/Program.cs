using Provost.Hosting;
using Provost.WebHost;

return await BundleHost.Build(args).RunServiceAsync();
