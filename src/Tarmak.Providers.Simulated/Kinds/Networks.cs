using System.Globalization;
using Tarmak.Machines.Steps;
using Tarmak.Model.Networking;
using Tarmak.Model.Resources;
using Tarmak.Providers.Simulated.Accounts;

namespace Tarmak.Providers.Simulated.Kinds;

/// <summary>Networks. Each is closed to the others, so their ranges may overlap.</summary>
internal static class Networks
{
    public static SimulatedKind<NetworkSpec> Kind { get; } = new()
    {
        Name = ResourceKinds.Network,
        Prefix = "net",
        Family = ApiFamily.Network,
        Making = Latency.Of(1, 5),
        ProblemOf = static spec => spec.Cidr is null || Cidr.TryParse(spec.Cidr, out _) ? null : $"{spec.Cidr} is no range of addresses; write it as 10.99.0.0/16.",
        ChooseFor = static (_, spec, number) => spec.Cidr is null ? string.Create(CultureInfo.InvariantCulture, $"172.{16 + (number % 16)}.0.0/16") : null,
        Outputs = static (made, spec, _) => ResourceJson.Write(new NetworkOutputs(made.Id, RangeOf(made.Chosen, spec))),
        Change = static (_, _) => ChangeEffect.Replace,
    };

    /// <summary>The range a network has.</summary>
    public static string RangeOf(string? chosen, NetworkSpec spec) => chosen ?? spec.Cidr!;
}
