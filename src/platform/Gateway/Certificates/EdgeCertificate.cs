using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Provost.Gateway.Certificates;

/// <summary>The certificate in use. A changed file is taken up within seconds; a broken one changes nothing.</summary>
internal sealed partial class EdgeCertificate(GatewayOptions options, TimeProvider time, ILogger<EdgeCertificate> logger) : BackgroundService
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(2);

    private (string Certificate, string Key) loadedFrom;
    private volatile SslStreamCertificateContext? current;

    public SslStreamCertificateContext Current => current ?? throw new InvalidOperationException("No certificate was loaded.");

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Domain is not null)
        {
            Load();
        }

        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(CheckInterval, time);
        try
        {
            while (options.Domain is not null && await timer.WaitForNextTickAsync(stoppingToken))
            {
                TryLoad();
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
    }

    private void TryLoad()
    {
        try
        {
            Load();
        }
        catch (Exception error) when (error is IOException or CryptographicException or UnauthorizedAccessException or ArgumentException)
        {
            LogProblem(error.Message);
        }
    }

    // By content: renewals replace files, links and directories in every possible way.
    private void Load()
    {
        var files = (File.ReadAllText(options.CertificateFile!), File.ReadAllText(options.KeyFile!));
        if (files == loadedFrom)
        {
            return;
        }

        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(files.Item1);
        using var withKey = X509Certificate2.CreateFromPem(files.Item1, files.Item2);
        // TLS cannot use the ephemeral key of a PEM everywhere; a round trip through PKCS#12 gives one that it can.
        var certificate = X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
        current = SslStreamCertificateContext.Create(certificate, chain, offline: true);
        loadedFrom = files;
        var (subject, until) = (certificate.Subject, certificate.NotAfter.ToUniversalTime());
        LogLoaded(subject, until);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Serving with certificate {Subject}, valid until {Until:O}")]
    private partial void LogLoaded(string subject, DateTime until);

    [LoggerMessage(Level = LogLevel.Error, Message = "The changed certificate cannot be used: {Problem}. The old one stays in use")]
    private partial void LogProblem(string problem);
}
