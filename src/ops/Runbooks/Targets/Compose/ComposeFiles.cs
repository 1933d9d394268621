using Provost.Rendering.Compose;
using Provost.Rendering.Trees;
using Provost.Runbooks.Tools;
using Provost.Runbooks.Trees;

namespace Provost.Runbooks.Targets.Compose;

/// <summary>
/// The rendered files of a site: compose.yaml says at each moment what runs for certain, next.yaml beside it what a deployment is
/// bringing. While both are there and differ, the first is where to return to.
/// </summary>
internal sealed class ComposeFiles(ComposeProject project)
{
    public ComposeDocument? Running => Read(ComposeProject.File);

    public ComposeDocument? Next => Read(ComposeProject.NextFile);

    public void Write(RenderedTree tree) => new TreeFolder(project.Folder).Write(tree);

    public void WriteNext(ComposeDocument document)
    {
        var path = PathOf(ComposeProject.NextFile);
        File.WriteAllText(path + ".new", document.Text);
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Has Compose read a tree that is not there yet. Under a name of its own: next.yaml would look like a deployment that was broken off.</summary>
    public async Task CheckAsync(RenderedTree tree, CancellationToken cancellation)
    {
        var path = PathOf(ComposeProject.CheckFile);
        try
        {
            Directory.CreateDirectory(project.Folder);
            await File.WriteAllTextAsync(path, tree.Text(ComposeProject.File), cancellation);
            await DockerEngine.RunAsync(project.Check(), "the rendered files were refused", _ => { }, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OperationError(ErrorKind.Machine, $"{path} could not be written: {e.Message}", "give this user the right to write there, or free some space, and run this again", cause: e);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public void RemoveNext() => File.Delete(PathOf(ComposeProject.NextFile));

    /// <summary>The tree with what lies on the disk already in place of some of its files.</summary>
    public RenderedTree WithPresent(RenderedTree tree, Func<string, bool> kept) => new(
        [.. tree.Files.Select(f => kept(f.Path) && File.Exists(PathOf(f.Path)) ? f with { Text = File.ReadAllText(PathOf(f.Path)) } : f)]);

    private string PathOf(string path) => Path.Combine(project.Folder, path);

    private ComposeDocument? Read(string path) => File.Exists(PathOf(path)) ? ComposeDocument.Read(File.ReadAllText(PathOf(path))) : null;
}
