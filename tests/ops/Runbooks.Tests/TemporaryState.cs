using Provost.Runbooks.Targets.Process;

namespace Provost.Runbooks.Tests;

internal sealed class TemporaryState : IDisposable
{
    public TemporaryState()
    {
        State = new StateDirectory(Directory.CreateTempSubdirectory("provost-state-").FullName);
        State.Create();
    }

    public StateDirectory State { get; }

    public void Dispose() => Directory.Delete(State.Root, recursive: true);
}
