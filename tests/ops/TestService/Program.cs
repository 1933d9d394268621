using Provost.Agent;
using Provost.TestService;

switch (args)
{
    case ["agent", "run", "--state", var state]:
        try
        {
            await AgentHost.RunAsync(state, TimeProvider.System, CancellationToken.None);
            return 0;
        }
        catch (Provost.Runbooks.OperationError e)
        {
            await Console.Error.WriteLineAsync($"{e.Message}. {e.Remedy}");
            return 8;
        }
    case ["crash"]:
        Console.WriteLine("the reason of the crash");
        return 3;
    default:
        using (var service = new SmallService())
        {
            return await service.RunAsync();
        }
}
