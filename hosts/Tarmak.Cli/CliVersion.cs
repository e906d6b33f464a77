using System.Reflection;

namespace Tarmak.Cli;

/// <summary>The version of this program.</summary>
internal static class CliVersion
{
    /// <summary>As <c>0.1.0</c>, without what the build adds behind it.</summary>
    public static string Text { get; } =
        (typeof(CliVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown").Split('+')[0];
}
