using System.Net;
using StackExchange.Redis;

namespace Provost.Runbooks.Backups.Stores;

/// <summary>The primary of a replicated Redis, as its sentinels name it at this moment.</summary>
internal static class SentinelPrimary
{
    /// <param name="sentinels">HOST:PORT of each, with commas between them.</param>
    /// <param name="name">What they call it.</param>
    public static async Task<(string Host, int Port)> FindAsync(string sentinels, string name, string password)
    {
        var options = ConfigurationOptions.Parse(sentinels);
        (options.CommandMap, options.TieBreaker, options.Password, options.ConnectTimeout) = (CommandMap.Sentinel, "", password, 5000);
        options.ClientName = "provost-backup";
        try
        {
            await using var connection = await ConnectionMultiplexer.ConnectAsync(options);
            foreach (var server in connection.GetServers().Where(server => server.IsConnected))
            {
                switch (await server.SentinelGetMasterAddressByNameAsync(name))
                {
                    case DnsEndPoint named:
                        return (named.Host, named.Port);
                    case IPEndPoint address:
                        return (address.Address.ToString(), address.Port);
                }
            }
        }
        catch (RedisException e)
        {
            throw NoAnswer(sentinels, e);
        }
        throw NoAnswer(sentinels, null);
    }

    private static OperationError NoAnswer(string sentinels, Exception? cause) =>
        new(ErrorKind.NotReady, $"no sentinel names a primary of Redis ({sentinels})", "look at them with: provost status", cause: cause);
}
