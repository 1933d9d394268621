namespace Provost.Runbooks.Operator;

/// <summary>Sends again what a replica that went away did not answer. Only for requests that may be repeated.</summary>
internal static class Retry
{
    private const int Attempts = 6;

    public static async Task<T> OnLostReplicaAsync<T>(Func<Task<T>> send, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await send();
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                if (attempt == Attempts)
                {
                    throw new OperationError(
                        ErrorKind.NotReady, $"the platform does not answer: {e.Message}", "look at it with: provost status; then try again: what was done already is not done twice", cause: e);
                }
                await Task.Delay(TimeSpan.FromMilliseconds(250 << attempt), TimeProvider.System, cancellation);
            }
        }
    }
}
