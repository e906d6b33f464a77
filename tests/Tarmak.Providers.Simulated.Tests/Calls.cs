using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Simulated.Tests;

/// <summary>Calls of machines, as drivers get them.</summary>
internal static class Calls
{
    public static ResourceCall Of(string name, string kind = "volume", string uid = "u", int incarnation = 1, string installation = "i") => new()
    {
        Marks = new OwnerMarks(installation, "dev", "demo", $"{name}-{uid}", $"dev/demo#{kind}/{name}"),
        Name = name,
        Incarnation = incarnation,
        Token = $"{name}-{uid}-ensure-{incarnation}",
    };
}
