using Provost.Deploy.Bench;

// A roll beside a plain stop and start of the same installation; a roll of containers beside docker compose up -d of the same change;
// the gateway beside nginx and HAProxy that balance the same two replicas (that part alone: --edge). Figures of one run on one
// machine: the ratio is what counts. Exit 1 when a bar is missed, and when there is nothing to compare with.
var isShort = args.Contains("--short");
if (EdgeComparison.Missing is { Length: > 0 } missing)
{
    Console.Error.WriteLine($"Nothing to compare with: {string.Join(", ", missing)} not installed. On Debian: apt-get install {string.Join(' ', missing)}");
    return 1;
}
var bars = new Bars();
if (!args.Contains("--edge"))
    await RollComparison.RunAsync(bars, rounds: isShort ? 1 : 3);
if (!args.Contains("--edge") && !isShort && await ComposeComparison.RunAsync(bars) is { } lacks)
{
    Console.Error.WriteLine($"Nothing to compare the deployment of containers with: {lacks}. On Debian: tests/Containers/install.sh");
    return 1;
}
await EdgeComparison.RunAsync(bars, seconds: isShort ? 3 : 15);
return bars.ExitCode;
