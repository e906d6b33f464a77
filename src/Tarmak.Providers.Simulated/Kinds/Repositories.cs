using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Simulated.Accounts;

namespace Tarmak.Providers.Simulated.Kinds;

/// <summary>Repositories of container images, each on an edge and once there. The images in one go with it.</summary>
internal static class Repositories
{
    private const int Port = 5000;

    public static SimulatedKind<RegistryRepositorySpec> Kind { get; } = new()
    {
        Name = ResourceKinds.RegistryRepository,
        Prefix = "repo",
        Family = ApiFamily.Storage,
        HasUniqueNames = true,
        NameOf = static (_, spec) => NameOf(spec.EdgeId, spec.Repository),
        ProblemOf = static spec => !RepositoryNames.IsName(spec.Repository) ? $"{spec.Repository} is no name of a repository."
            : spec.EdgeId is null ? $"The repository {spec.Repository} is on no edge, and this cloud has a registry on each of them only." : null,
        ReferencesOf = static spec => [spec.EdgeId!],
        Outputs = static (made, spec, _) => ResourceJson.Write(new RegistryRepositoryOutputs(made.Id, spec.Repository, null, Port, null)),
        Change = static (_, _) => ChangeEffect.Replace,
    };

    /// <summary>The name of an edge's repository.</summary>
    public static string NameOf(string? edgeId, string repository) => $"{edgeId}/{repository}";
}
