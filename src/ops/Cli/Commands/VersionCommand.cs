using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using Provost.Cli.Output;

namespace Provost.Cli.Commands;

/// <summary>The version of this tool.</summary>
internal static class ToolVersion
{
    public static string Full { get; } = typeof(ToolVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";

    /// <summary>Without the build's metadata.</summary>
    public static string Short { get; } = Full.Split('+')[0];
}

/// <summary>provost version: of the tool and of what runs.</summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        var command = new Command("version", "Show the version of the tool and of what runs");
        command.Does(invocation =>
        {
            var loaded = invocation.Load();
            var release = loaded.IsSiteKnown ? loaded.State.ReadSiteSpec()?.Release : null;
            if (invocation.Terminal.Json)
            {
                invocation.Terminal.Write(new VersionAnswer(ToolVersion.Full, release, RuntimeInformation.FrameworkDescription), AnswerJson.Plain.VersionAnswer);
                return Task.FromResult(ExitCode.Success);
            }
            invocation.Terminal.Output.WriteLine($"provost {ToolVersion.Full} ({RuntimeInformation.FrameworkDescription})");
            if (release is not null)
            {
                invocation.Terminal.Output.WriteLine($"installed release {release}");
            }
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }
}
