namespace Tarmak.Providers.Conformance;

/// <summary>One demand on a provider, and how it is found out whether the provider meets it.</summary>
/// <param name="Id">Capability and behaviour, for example <c>secretStore/create-twice-keeps-the-first</c>; it never changes.</param>
/// <param name="Demand">What is demanded, in one sentence.</param>
/// <param name="IsOffered">Whether a provider offers what is checked.</param>
/// <param name="RunAsync">Finds out; throws <see cref="CheckFailedException"/> where the demand is not met.</param>
public sealed record ConformanceCheck(
    string Id, string Demand, Func<IProvider, bool> IsOffered, Func<CheckScope, CancellationToken, Task> RunAsync)
{
    /// <summary>The capability, by its name in manifests.</summary>
    public string Capability => Id[..Id.IndexOf('/', StringComparison.Ordinal)];
}
