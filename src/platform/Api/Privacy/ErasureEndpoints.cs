using Microsoft.AspNetCore.Http.HttpResults;
using Provost.Api.Accounts;
using Provost.Contracts;

namespace Provost.Api.Privacy;

internal static class ErasureEndpoints
{
    public static void MapErasures(this IEndpointRouteBuilder api) =>
        api.MapPost("/admin/erasures", EraseAsync).ForAdmin().WithSummary("Erase a person, with a receipt");

    private static async Task<Ok<ErasureReceipt>> EraseAsync(ErasureRequest body, Viewer viewer, Erasure erasure, CancellationToken cancellation) =>
        TypedResults.Ok(await erasure.EraseAsync(body, viewer.User, cancellation));
}
