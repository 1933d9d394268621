using Provost.Api;
using Provost.Api.Backtests;
using Provost.Api.Facts;
using Provost.Api.Privacy;
using Provost.Hosting;
using Provost.Hosting.Health;

return args is ["backtest", .. var rest]
    ? await BacktestVerb.RunAsync(rest, Console.Out, Console.Error)
    : args is ["replay-erasures", .. var file] ? await ErasureReplay.RunAsync(file, Console.Out, Console.Error)
    : SchemaVerb.IsAsked(args) ? await SchemaVerb.RunAsync(args, Console.Out, Console.Error)
    : HealthProbe.IsAsked(args) ? await HealthProbe.RunAsync()
    : await ApiHost.Build(args).RunServiceAsync();
