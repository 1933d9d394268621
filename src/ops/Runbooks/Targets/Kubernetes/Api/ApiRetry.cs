using System.Net;
using System.Security.Authentication;

namespace Provost.Runbooks.Targets.Kubernetes.Api;

/// <summary>A server that is overloaded, or is being started anew, answers a moment later.</summary>
internal static class ApiRetry
{
    private const int Attempts = 6;
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether the same request may succeed a moment later.</summary>
    public static bool MayPass(Exception e) => e switch
    {
        ApiRefusal refusal => refusal.Status is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError,
        OperationError { Kind: ErrorKind.Machine, InnerException: OperationCanceledException } => true,
        OperationError { Kind: ErrorKind.Machine, InnerException: HttpRequestException reset } => reset.InnerException is not AuthenticationException,
        _ => e is HttpRequestException or IOException,
    };

    /// <inheritdoc cref="AskAsync{T}"/>
    public static Task AskAsync(Func<Task> request, TimeProvider time, CancellationToken cancellation) => AskAsync<object?>(
        async () =>
        {
            await request();
            return null;
        },
        time, cancellation);

    /// <summary>Asks again after pauses that double, while the refusal may pass.</summary>
    public static async Task<T> AskAsync<T>(Func<Task<T>> request, TimeProvider time, CancellationToken cancellation)
    {
        for (var (attempt, pause) = (1, First); ; attempt++, pause *= 2)
        {
            try
            {
                return await request();
            }
            catch (Exception e) when (attempt < Attempts && MayPass(e))
            {
                await Task.Delay(pause, time, cancellation);
            }
        }
    }
}
