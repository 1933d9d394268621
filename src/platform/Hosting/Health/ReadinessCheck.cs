namespace Provost.Hosting.Health;

/// <summary>A named condition for serving: it throws when it does not hold, and its message is what the operator reads.</summary>
internal sealed record ReadinessCheck(string Name, Func<IServiceProvider, CancellationToken, Task> Run);
