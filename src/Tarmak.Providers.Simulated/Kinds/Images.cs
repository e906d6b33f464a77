using System.Security.Cryptography;
using System.Text;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Simulated.Accounts;

namespace Tarmak.Providers.Simulated.Kinds;

/// <summary>Machine images, one for each name, for everybody.</summary>
internal static class Images
{
    public static SimulatedKind<MachineImageSpec> Kind { get; } = new()
    {
        Name = ResourceKinds.MachineImage,
        Prefix = "img",
        Family = ApiFamily.Images,
        HasUniqueNames = true,
        IsShared = true,
        Making = Latency.Of(20, 60),
        NameOf = static (_, spec) => spec.Name,
        Outputs = static (made, spec, _) => ResourceJson.Write(new MachineImageOutputs(made.Id, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(spec.Name))))),
        Change = static (_, _) => ChangeEffect.Replace,
    };
}
