using Provost.Api;
using Provost.Api.Backtests;
using Provost.Hosting;

return args is ["backtest", .. var rest]
    ? await BacktestVerb.RunAsync(rest, Console.Out, Console.Error)
    : await ApiHost.Build(args).RunServiceAsync();
