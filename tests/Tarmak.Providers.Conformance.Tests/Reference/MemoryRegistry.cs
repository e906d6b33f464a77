using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Conformance.Tests.Reference;

/// <summary>A registry as it should be, and what machines do that use it.</summary>
internal class MemoryRegistry(MemoryIdentities identities) : MemoryDriver<RegistryRepositorySpec>(ResourceKinds.RegistryRepository), IContainerRegistry
{
    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal);
    private readonly HashSet<string> pushed = new(StringComparer.Ordinal);

    public IResourceDriver<RegistryRepositorySpec> Repositories => this;

    public override async Task<StepOutcome> EnsureAsync(ResourceCall call, RegistryRepositorySpec spec, CancellationToken cancellationToken)
    {
        if (!IsName(spec.Repository))
        {
            return new StepOutcome.Failed(ErrorClass.InvalidSpec, $"{spec.Repository} is no name of a repository.");
        }

        lock (Gate)
        {
            names[call.Name] = spec.Repository;
        }

        return await base.EnsureAsync(call, spec, cancellationToken);
    }

    /// <summary>Has a machine pull or push an image; null where it is refused.</summary>
    public string? Use(string? identityId, string verb, string repository)
    {
        lock (Gate)
        {
            if (identityId is null || !May(identities.GrantsOf(identityId), repository, verb))
            {
                return null;
            }

            if (verb == GrantVerbs.Push)
            {
                pushed.Add(repository);
            }

            return pushed.Contains(repository) ? $"sha256:{repository}" : throw new ProviderException(ErrorClass.NotFound, $"There is no image in {repository}.");
        }
    }

    protected virtual bool IsName(string name) => RepositoryNames.IsName(name);

    protected virtual bool May(IEnumerable<InstanceGrant> grants, string repository, string verb) => grants.Any(g => g.Allows(GrantPaths.Repository(repository), verb));

    protected override string Outputs(string id) => ResourceJson.Write(new RegistryRepositoryOutputs(id, names[Objects.Single(o => o.Value.Id == id).Key], "registry.example.test", 443, null));
}
