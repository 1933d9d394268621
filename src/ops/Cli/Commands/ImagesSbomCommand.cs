using System.CommandLine;
using Provost.Cli.Output;
using Provost.Runbooks.Images.Sboms;

namespace Provost.Cli.Commands;

/// <summary>provost images sbom: CycloneDX of one image, or of all into a folder.</summary>
internal static class ImagesSbomCommand
{
    private static readonly Option<DirectoryInfo> Folder = new("--output", "-o") { Description = "Folder for IMAGE.cdx.json", HelpName = "DIR", Required = true };

    public static Command Create()
    {
        var command = new Command("sbom", "Write the bill of materials of each image (CycloneDX 1.6 JSON)") { ImagesCommand.Names, ImagesCommand.Release, ImagesCommand.Prefix, Folder };
        command.Does(async invocation =>
        {
            var folder = invocation.Parsed.GetRequiredValue(Folder);
            folder.Create();
            List<string> written = [];
            foreach (var source in ImagesScanCommand.Sources(invocation, invocation.Parsed.GetValue(ImagesCommand.Names) ?? []))
            {
                var file = Path.Combine(folder.FullName, $"{source.Name.Replace('/', '_').Replace(':', '_')}.cdx.json");
                await File.WriteAllTextAsync(file, await ImageSbom.RunAsync(source, invocation.Parsed.GetValue(ImagesCommand.Release) ?? ToolVersion.Short, invocation.Cancellation), invocation.Cancellation);
                written.Add(file);
            }
            invocation.Terminal.Output.WriteLine(invocation.Terminal.Json ? ImagesCommand.Array(written).ToJsonString() : string.Join('\n', written));
            return ExitCode.Success;
        });
        return command;
    }
}
