using Provost.Web.Courses;

namespace Provost.Web.Tests.Courses;

public sealed class CapacityTests
{
    [Theory]
    [InlineData(0.2, 120, 24)]
    [InlineData(0.2, 7, 2)]
    [InlineData(0.15, 20, 3)]
    [InlineData(0.05, 3, 1)]
    [InlineData(0, 50, 0)]
    [InlineData(1, 50, 50)]
    [InlineData(0.2, 0, 0)]
    public void Is_rounded_up_to_whole_students(double share, int students, int expected) =>
        Assert.Equal(expected, Capacity.Of(share, students));
}
