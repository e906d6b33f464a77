using System.Reflection;

namespace Tarmak.Gateway.Operators;

/// <summary>The version of this program, as operators see it.</summary>
internal static class ProgramVersion
{
    public static string Text { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";
}
