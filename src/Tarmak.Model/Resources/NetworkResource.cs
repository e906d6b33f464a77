namespace Tarmak.Model.Resources;

/// <summary>What a network is to be.</summary>
/// <param name="Cidr">Address range, for example <c>10.99.0.0/16</c>; null lets the provider choose.</param>
/// <param name="Internal">True: closed to everything outside it; false: the outer network the edge publishes ports from.</param>
public sealed record NetworkSpec(string? Cidr, bool Internal);

/// <summary>What a network turned out to be.</summary>
/// <param name="NetworkId">The provider's id.</param>
/// <param name="Cidr">The address range it has.</param>
public sealed record NetworkOutputs(string NetworkId, string Cidr);
