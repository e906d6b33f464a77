using System.Collections.Immutable;

namespace Tarmak.Model.Resources;

/// <summary>A repository of container images.</summary>
/// <param name="Repository">Its name in the registry, for example <c>demo/web</c>.</param>
/// <param name="EdgeId">The edge that serves it, where the provider serves it from one.</param>
public sealed record RegistryRepositorySpec(string Repository, string? EdgeId);

/// <summary>A registry as one instance knows it.</summary>
/// <param name="Address"><c>host:port</c>, as the instance reaches it.</param>
/// <param name="AuthorityCertificate">PEM of what signed the registry's certificate; null where machines trust it anyway.</param>
/// <param name="Repositories">Names of the repositories it may pull from.</param>
public sealed record RegistryAccess(string Address, string? AuthorityCertificate, ImmutableArray<string> Repositories);

/// <summary>The repository, and where machines find it.</summary>
/// <param name="RepositoryId">The provider's id.</param>
/// <param name="Repository">Its name in the registry.</param>
/// <param name="Host">Host name or address of the registry; null: the edge's own address in the machine's network.</param>
/// <param name="Port">Its port.</param>
/// <param name="AuthorityCertificate">PEM of what signed the registry's certificate; null where machines trust it anyway.</param>
public sealed record RegistryRepositoryOutputs(string RepositoryId, string Repository, string? Host, int Port, string? AuthorityCertificate);
