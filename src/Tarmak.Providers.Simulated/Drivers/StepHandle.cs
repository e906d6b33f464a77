using System.Globalization;

namespace Tarmak.Providers.Simulated.Drivers;

/// <summary>What a step in progress waits for.</summary>
/// <param name="What">What it waits for.</param>
/// <param name="Id">The object.</param>
/// <param name="Until">From then on, what does not show is not there; in ticks.</param>
internal sealed record StepHandle(string What, string Id, long Until)
{
    /// <summary>An object to be made.</summary>
    public const string Making = "making";

    /// <summary>An object to be gone.</summary>
    public const string Deleting = "deleting";

    /// <summary>What has a name to show.</summary>
    public const string Name = "name";

    /// <summary>An object to show, or to be proven absent.</summary>
    public const string Showing = "showing";

    public static StepHandle? Read(string? text) =>
        text?.Split(' ') is [var what, var id, var until] ? new StepHandle(what, id, long.Parse(until, CultureInfo.InvariantCulture)) : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{What} {Id} {Until}");
}
