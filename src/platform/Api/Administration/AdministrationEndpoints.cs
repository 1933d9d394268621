using System.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Provost.Api.Accounts;
using Provost.Api.Facts;
using Provost.Api.State;
using Provost.Contracts;
using Provost.Hosting.Configuration;

namespace Provost.Api.Administration;

/// <summary>What administrators see and do: aggregates and accounts, never a row of a student.</summary>
internal static class AdministrationEndpoints
{
    public static void MapAdministration(this IEndpointRouteBuilder api)
    {
        var admin = api.MapGroup("/admin");
        admin.MapGet("/health", HealthAsync).ForAdmin().WithSummary("Stores, courses and accounts in numbers");
        admin.MapGet("/accounts", ListAsync).ForAdmin().WithSummary("All accounts");
        admin.MapPost("/accounts", AddAsync).ForAdmin().WithSummary("Add an account, or a role to one");
        admin.MapDelete("/accounts/{user}", RemoveAsync).ForAdmin().WithSummary("Remove an account and end its sessions");
        admin.MapPost("/accounts/{user}/link", LinkAsync).ForAdmin().WithSummary("A new one-time sign-in link");
    }

    private static async Task<Ok<AccountView[]>> ListAsync(AccountDirectory accounts) => TypedResults.Ok(await accounts.ListAsync());

    private static async Task<Ok<SignInLink>> AddAsync(NewAccount body, Viewer viewer, AccountDirectory accounts) =>
        TypedResults.Ok(await accounts.AddAsync(body, viewer.User));

    private static async Task<NoContent> RemoveAsync(string user, Viewer viewer, AccountDirectory accounts)
    {
        if (AccountName.Normalize(user) == viewer.User)
            throw ApiError.Conflict("You cannot remove your own account", "Another administrator or the operator can");
        await accounts.RemoveAsync(user, viewer.User);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<SignInLink>> LinkAsync(string user, Viewer viewer, AccountDirectory accounts) =>
        TypedResults.Ok(await accounts.LinkAsync(user, viewer.User));

    private static async Task<Ok<InstallationHealth>> HealthAsync(
        CourseState courses, AccountState accounts, RedisStore redis, FactsStore facts, ServiceOptions service, CancellationToken cancellation)
    {
        var stores = Task.WhenAll(AskAsync("redis", redis.PingAsync, cancellation), AskAsync("clickhouse", facts.PingAsync, cancellation));
        var (all, people) = (await courses.AllAsync(), await accounts.AllAsync());
        return TypedResults.Ok(new InstallationHealth(
            service.Installation, service.Release, await stores,
            [.. all.Select(course => new CourseAggregate(course.Id, course.Name, course.Students, course.Assessments, course.LastImport, course.Demonstration))],
            people.Length));
    }

    private static async Task<StoreHealth> AskAsync(string store, Func<CancellationToken, Task> ping, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(2));
        var started = Stopwatch.GetTimestamp();
        try
        {
            await ping(limit.Token);
            return new StoreHealth(store, true, Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 2), null);
        }
#pragma warning disable CA1031 // Whatever is wrong with a store is what the page is asked to show.
        catch (Exception error) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return new StoreHealth(store, false, null, error is OperationCanceledException ? "no answer within 2 s" : error.Message);
        }
    }
}
