namespace Provost.Hosting;

internal sealed record CommandLine(string[] Args)
{
    public bool OnlyChecksConfiguration => Args is ["check-configuration"];
}
