using Provost.Hosting.Health;
using Provost.Stores;
using Provost.Stores.ClickHouse;
using Provost.Stores.Redis;

try
{
    return args switch
    {
        _ when HealthProbe.IsAsked(args) => await HealthProbe.RunAsync(),
        ["clickhouse", .. var rest] => await ClickHouseService.RunAsync(rest),
        ["redis", .. var rest] => await RedisService.RunAsync(rest),
        _ => Usage(),
    };
}
catch (StoreError error)
{
    await Console.Error.WriteLineAsync($"Cannot start: {error.Message}");
    return 74;
}

static int Usage()
{
    Console.Error.WriteLine("Usage: Provost.Stores clickhouse | redis   (settings: PROVOST_..., see README.md)");
    return 64;
}
