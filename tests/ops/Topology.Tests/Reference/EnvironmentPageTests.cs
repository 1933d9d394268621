using Provost.Topology.Reference;

namespace Provost.Topology.Tests.Reference;

public sealed class EnvironmentPageTests
{
    [Fact]
    public void The_page_of_the_environment_is_the_committed_one() => Golden.Matches(EnvironmentPage.Markdown(), "docs/reference/environment.md");

    [Fact]
    public void Every_variable_that_a_service_is_given_is_on_the_page_and_no_other() => Assert.Equal(
        EnvironmentPage.Given().Values.SelectMany(keys => keys).Distinct().Order(StringComparer.Ordinal),
        EnvironmentPage.Keys.Select(key => key.Name).Order(StringComparer.Ordinal));
}
