using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;
using Provost.Api.Tests.Harness;
using Provost.Contracts;
using Provost.Harness;

namespace Provost.Api.Tests.Accounts;

public sealed class AuditTests(RealStores stores)
{
    private readonly string mark = $"{Guid.NewGuid():N}"[..8];

    [Fact]
    public async Task Whoever_gives_access_makes_a_link_or_removes_an_account_stands_in_the_log_and_no_link_does()
    {
        await using var api = await ApiServer.StartAsync(stores, ("Logs:Level", "Information"));
        using var log = new Kept();
        api.Get<ILoggerFactory>().AddProvider(log);
        var course = (await api.ImportAsync($"Audit {mark}", SeededGradebook.Canvas(12, 4))).Course;
        using var admin = await api.SignInAsync($"admin-{mark}", Role.Admin);

        var link = await ApiClient.ReadAsync<SignInLink>(await admin.PostAsync("api/admin/accounts", new NewAccount($"admin-{mark}", Role.Professor, course, null, null)));
        await api.LinkAsync(new NewAccount($"victim-{mark}", Role.Professor, course, null, null));
        var taken = await ApiClient.ReadAsync<SignInLink>(await admin.Http.PostAsync($"api/admin/accounts/victim-{mark}/link", null));
        Assert.Equal(HttpStatusCode.NoContent, (await admin.Http.DeleteAsync($"api/admin/accounts/victim-{mark}")).StatusCode);

        string[] lines = [.. log.Lines.Where(line => line.Contains(mark, StringComparison.Ordinal))];
        Assert.Contains($"Account admin-{mark} was given the role Admin in the installation by operator", lines);
        Assert.Contains($"Account admin-{mark} was given the role Professor in {course} by admin-{mark}", lines);
        Assert.Contains($"Account victim-{mark} was given the role Professor in {course} by operator", lines);
        Assert.Contains(lines, line => line.StartsWith($"A link to sign in as victim-{mark} was made by admin-{mark}; it expires 20", StringComparison.Ordinal));
        Assert.Contains($"Account victim-{mark} was removed by admin-{mark}", lines);
        foreach (var secret in (string[])[link.SignInUrl, taken.SignInUrl])
            Assert.DoesNotContain(log.Lines, line => line.Contains(secret[(secret.LastIndexOf('/') + 1)..], StringComparison.Ordinal));
    }

    private sealed class Kept : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
