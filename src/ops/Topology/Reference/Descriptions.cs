using System.ComponentModel;
using System.Reflection;

namespace Provost.Topology.Reference;

internal static class Descriptions
{
    public static string Of(MemberInfo member) => member.GetCustomAttribute<DescriptionAttribute>()?.Description
        ?? throw new InvalidOperationException($"{member.DeclaringType?.Name}.{member.Name} has no [Description]: it becomes the reference of provost.yaml");
}
