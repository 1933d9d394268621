using Provost.Web.DevServer;

var port = args is [var first, ..] ? int.Parse(first, System.Globalization.CultureInfo.InvariantCulture) : 5080;
await using var host = await DevHost.StartAsync(BundleRoot.Find(), port);
Console.WriteLine($"{host.Url}  (professor / {DevAccounts.Password})");
await host.WaitAsync();
