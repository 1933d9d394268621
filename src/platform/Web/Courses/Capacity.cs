namespace Provost.Web.Courses;

/// <summary>How many students a share of the class is: at least one as soon as it is above nothing.</summary>
internal static class Capacity
{
    public static int Of(double share, int students) =>
        share <= 0 || students == 0 ? 0 : Math.Clamp((int)Math.Ceiling((share * students) - 1e-9), 1, students);
}
