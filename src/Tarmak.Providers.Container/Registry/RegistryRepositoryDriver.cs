using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Container.Edges;
using Tarmak.Providers.Container.Engine;

namespace Tarmak.Providers.Container.Registry;

/// <summary>Repositories: entries in the edge's state. The edge lets nobody into one that is not there, and removes the images of one that is gone.</summary>
internal sealed class RegistryRepositoryDriver(EdgeStore edges) : EdgeObjectDriver<RegistryRepositorySpec>(edges)
{
    /// <summary>Port of the registry on the edge's inner addresses.</summary>
    public const int Port = 5000;

    /// <summary>What this driver declares; the sheet repeats it.</summary>
    public static readonly ResourceTraits Declared = new()
    {
        Kind = ResourceKinds.RegistryRepository,
        EnsureResolution = UnknownResolution.UniqueName,
        Compare = (made, wanted) => made == wanted ? ChangeEffect.None
            : ResourceJson.Read<RegistryRepositorySpec>(made).Repository == ResourceJson.Read<RegistryRepositorySpec>(wanted).Repository ? ChangeEffect.Update : ChangeEffect.Replace,
    };

    /// <inheritdoc/>
    public override ResourceTraits Traits => Declared;

    protected override string? EdgeFor(RegistryRepositorySpec spec) => spec.EdgeId;

    protected override string? Problem(RegistryRepositorySpec spec) => RepositoryNames.IsName(spec.Repository) ? null : $"{spec.Repository} is no name of a repository.";

    protected override Observation Look(EdgeSnapshot edge, ResourceCall call, RegistryRepositorySpec spec)
    {
        if (!edge.State.Repositories.TryGetValue(spec.Repository, out var owner) || !owner.IsThis(call))
        {
            return Observation.Absent;
        }

        var id = $"{edge.Name}/{spec.Repository}";
        return Observation.Present(id, ResourceJson.Write(new RegistryRepositoryOutputs(id, spec.Repository, null, Port, edge.RegistryAuthority)));
    }

    protected override EdgeState With(EdgeSnapshot edge, ResourceCall call, RegistryRepositorySpec spec)
    {
        if (edge.RegistryAuthority is null)
        {
            throw EngineFaultException.Failed(ErrorClass.DependencyMissing, $"The edge {edge.Name} has no registry: it was made by an earlier Tarmak and is made again with its next machine image.");
        }

        edge.State.Repositories.GetValueOrDefault(spec.Repository)?.RefuseOthers(call, "repository", spec.Repository);
        return edge.State.Repositories.GetValueOrDefault(spec.Repository)?.IsThis(call) is true
            ? edge.State
            : edge.State with { Repositories = edge.State.Repositories.SetItem(spec.Repository, RecordedOwner.Of(call)) };
    }

    protected override EdgeState Without(EdgeSnapshot edge, ResourceCall call, RegistryRepositorySpec spec) =>
        edge.State.Repositories.GetValueOrDefault(spec.Repository)?.IsThis(call) is true
            ? edge.State with { Repositories = edge.State.Repositories.Remove(spec.Repository) }
            : edge.State;
}
