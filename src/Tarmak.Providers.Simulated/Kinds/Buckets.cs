using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Simulated.Accounts;

namespace Tarmak.Providers.Simulated.Kinds;

/// <summary>Buckets. Their names are taken for everybody, and what they hold goes with them.</summary>
internal static class Buckets
{
    public static SimulatedKind<BucketSpec> Kind { get; } = new()
    {
        Name = ResourceKinds.Bucket,
        Prefix = "bkt",
        Family = ApiFamily.Storage,
        HasUniqueNames = true,
        HoldsData = true,
        Outputs = static (made, _, _) => ResourceJson.Write(new BucketOutputs(made.Id)),
        Change = static (_, _) => ChangeEffect.Update,
    };
}
