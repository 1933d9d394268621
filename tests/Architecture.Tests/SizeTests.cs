using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Provost.Architecture.Tests;

/// <summary>Small files and short methods: what separates the pleasant codebases from the others.</summary>
public sealed class SizeTests
{
    private const int FileLimit = 400;
    private const int MethodLimit = 40;

    /// <summary>Dated exceptions: path or path#method, each with the date until which it is accepted.</summary>
    private static readonly Dictionary<string, DateOnly> Exceptions = [];

    [Fact]
    public void No_file_is_longer_than_its_limit() => Assert.Empty(
        from path in Repository.Sources("src", "tests", "bench")
        let lines = File.ReadLines(path).Count()
        where lines > FileLimit && !Exceptions.ContainsKey(Repository.Relative(path))
        select $"{Repository.Relative(path)}: {lines} lines, {FileLimit} at most");

    [Fact]
    public void No_method_is_longer_than_its_limit() => Assert.Empty(
        from path in Repository.Sources("src")
        from method in Methods(path)
        where method.Lines > MethodLimit && !Exceptions.ContainsKey($"{Repository.Relative(path)}#{method.Name}")
        select $"{Repository.Relative(path)}#{method.Name}: {method.Lines} lines, {MethodLimit} at most");

    [Fact]
    public void No_exception_outlives_its_need() => Assert.All(
        Exceptions.Keys,
        key => Assert.True(File.Exists(Path.Combine(Repository.Root, key.Split('#')[0])), $"{key} is gone: drop its exception"));

    private static IEnumerable<(string Name, int Lines)> Methods(string path) =>
        CSharpSyntaxTree.ParseText(File.ReadAllText(path), path: path).GetRoot().DescendantNodes()
            .Select(node => node switch
            {
                MethodDeclarationSyntax { Body: { } body } method => (method.Identifier.Text, Lines(body)),
                ConstructorDeclarationSyntax { Body: { } body } constructor => (constructor.Identifier.Text, Lines(body)),
                LocalFunctionStatementSyntax { Body: { } body } function => (function.Identifier.Text, Lines(body)),
                _ => default,
            })
            .Where(method => method.Item1 is not null);

    private static int Lines(BlockSyntax body)
    {
        var span = body.GetLocation().GetLineSpan();
        return span.EndLinePosition.Line - span.StartLinePosition.Line - 1;
    }
}
