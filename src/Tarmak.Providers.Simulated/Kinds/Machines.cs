using System.Net;
using Tarmak.Machines.Steps;
using Tarmak.Model.Networking;
using Tarmak.Model.Resources;
using Tarmak.Providers.Simulated.Accounts;

namespace Tarmak.Providers.Simulated.Kinds;

/// <summary>Machines. Nothing runs on them.</summary>
internal static class Machines
{
    // What a network keeps for itself, as most clouds do.
    private const int FirstFree = 1024;

    public static SimulatedKind<MachineSpec> Kind { get; } = new()
    {
        Name = ResourceKinds.Machine,
        Prefix = "i",
        Family = ApiFamily.Compute,
        Making = Latency.Of(8, 30),
        Unmaking = Latency.Of(3, 10),
        ProblemOf = static spec => spec.Address is null || IPAddress.TryParse(spec.Address, out _) ? null : $"{spec.Address} is no address of machine {spec.HostName}.",
        ReferencesOf = static spec => [spec.ImageId, spec.NetworkId, .. new[] { spec.FirewallGroupId, spec.IdentityId }.OfType<string>(), .. spec.Volumes.Select(v => v.VolumeId)],
        ClaimsOf = static (spec, chosen) => [ClaimOf(spec.NetworkId, chosen ?? spec.Address), .. spec.Volumes.Select(v => $"attachment of {v.VolumeId}")],
        ChooseFor = Address,
        Outputs = static (made, spec, _) => ResourceJson.Write(new MachineOutputs(made.Id, made.Chosen ?? spec.Address!)),
        Change = static (_, _) => ChangeEffect.Replace,
    };

    /// <summary>What a machine has alone: its address in its network.</summary>
    public static string ClaimOf(string networkId, string? address) => $"{networkId}/{address}";

    private static string? Address(AccountState account, MachineSpec spec, long number)
    {
        if (spec.Address is not null || account.Find(spec.NetworkId) is not { } network)
        {
            return null;
        }

        var range = Cidr.Parse(Networks.RangeOf(network.Chosen, ResourceJson.Read<NetworkSpec>(network.Parameters)));
        var first = Math.Min(FirstFree, range.Size / 2);
        for (long tried = 0, room = range.Size - first - 1; tried < room; tried++)
        {
            var address = range.Host(first + ((number + tried) % room)).ToString();
            if (!account.IsClaimed(ClaimOf(spec.NetworkId, address)))
            {
                return address;
            }
        }

        return null;
    }
}
