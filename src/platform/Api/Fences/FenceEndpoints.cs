using Microsoft.AspNetCore.Http.HttpResults;
using Provost.Api.Accounts;
using Provost.Api.State;
using Provost.Contracts;

namespace Provost.Api.Fences;

/// <summary>What a backup needs of the platform: a moment without commits, and who was erased.</summary>
internal static class FenceEndpoints
{
    private const int Default = 2000;
    private const int Longest = 10_000;

    public static void MapFences(this IEndpointRouteBuilder api)
    {
        var operators = api.MapGroup("/operator");
        operators.MapPost("/fence", RaiseAsync).ForOperator().WithSummary("Hold back commits of every replica for a moment");
        operators.MapDelete("/fence/{token}", LowerAsync).ForOperator().WithSummary("Let commits go on");
        operators.MapGet("/erasures", ErasuresAsync).ForOperator().WithSummary("The erasure ledger, line by line");
    }

    private static async Task<Ok<Fence>> RaiseAsync(FenceRaising fences, CancellationToken cancellation, int milliseconds = Default) =>
        TypedResults.Ok(await fences.RaiseAsync(Limited(milliseconds), cancellation));

    private static async Task<Ok<FenceEnd>> LowerAsync(string token, FenceRaising fences, int milliseconds = Default) =>
        TypedResults.Ok(await fences.LowerAsync(token, Limited(milliseconds)));

    private static async Task<ContentHttpResult> ErasuresAsync(ErasureLedger ledger) =>
        TypedResults.Text(string.Concat((await ledger.LinesAsync()).Select(line => line + "\n")), "application/x-ndjson");

    private static TimeSpan Limited(int milliseconds) => milliseconds is > 0 and <= Longest
        ? TimeSpan.FromMilliseconds(milliseconds)
        : throw ApiError.Invalid($"A fence of {milliseconds} ms", $"Give 1 to {Longest} milliseconds");
}
