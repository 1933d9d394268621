using System.Globalization;
using Provost.Harness;
using Provost.Runbooks.Tools;

namespace Provost.Stories.Backups;

/// <summary>A server process that speaks S3, with one bucket, and faults to order.</summary>
internal sealed class Bucket : IAsyncDisposable
{
    public const string Name = "provost-offsite";
    public const string AccessKey = "AKIDEXAMPLE";
    public const string SecretKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    private readonly HttpClient control;
    private readonly BackgroundProgram server;

    private Bucket(int port)
    {
        Endpoint = $"http://127.0.0.1:{port}";
        control = new HttpClient { BaseAddress = new Uri(Endpoint) };
        server = BackgroundProgram.Start(new Runbooks.Tools.Command(
            Path.Combine(AppContext.BaseDirectory, "Provost.S3Server"), [port.ToString(CultureInfo.InvariantCulture), Name, AccessKey, SecretKey]));
    }

    public string Endpoint { get; }

    public static async Task<Bucket> StartAsync()
    {
        var bucket = new Bucket(FreePort.Next());
        for (var attempt = 0; attempt < 600; attempt++, await Task.Delay(50))
        {
            try
            {
                await bucket.StruckAsync();
                return bucket;
            }
            catch (HttpRequestException) when (!bucket.server.HasEnded)
            {
                // Not yet.
            }
        }
        throw new InvalidOperationException(string.Join('\n', bucket.server.LastLines));
    }

    /// <param name="count">So many requests; 0 for no more.</param>
    public async Task FailAsync(string kind, int count) => (await control.PostAsync(new Uri($"/-/faults/{kind}/{count}", UriKind.Relative), null)).EnsureSuccessStatusCode().Dispose();

    public async Task<int> StruckAsync() => int.Parse(await control.GetStringAsync(new Uri("/-/faults", UriKind.Relative)), CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        control.Dispose();
        await server.DisposeAsync();
    }
}
