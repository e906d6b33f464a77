using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using CertificateRequest = Tarmak.Model.Resources.CertificateRequest;

namespace Tarmak.Configuration.Certificates;

/// <summary>Everything a certificate will say. It comes from the engine's records; a signing request adds only its key.</summary>
public sealed record CertificateProfile
{
    /// <summary>The subject's common name.</summary>
    public required string CommonName { get; init; }

    /// <summary>The subject's organisation, where one is wanted.</summary>
    public string? Organization { get; init; }

    /// <summary>What it may be used for; at least one.</summary>
    public required CertificateUsages Usages { get; init; }

    /// <summary>Its DNS names.</summary>
    public ImmutableArray<string> DnsNames { get; init; } = [];

    /// <summary>Its addresses.</summary>
    public ImmutableArray<IPAddress> Addresses { get; init; } = [];

    /// <summary>Further extensions, of the engine's own certificates.</summary>
    public ImmutableArray<X509Extension> Extensions { get; init; } = [];

    /// <summary>How long it lives.</summary>
    public TimeSpan Validity { get; init; } = CertificateValidity.Component;

    /// <summary>The profile of a certificate that an instance is entitled to.</summary>
    /// <param name="entitlement">The engine's record.</param>
    /// <exception cref="ArgumentException">A usage or an address is not one.</exception>
    public static CertificateProfile For(CertificateRequest entitlement)
    {
        ArgumentNullException.ThrowIfNull(entitlement);

        return new CertificateProfile
        {
            CommonName = entitlement.CommonName,
            Usages = entitlement.Usages.Aggregate(CertificateUsages.None, (all, usage) => all | Usage(usage)),
            DnsNames = entitlement.DnsNames,
            Addresses = [.. entitlement.Addresses.Select(Address)],
        };
    }

    private static CertificateUsages Usage(string usage) => usage switch
    {
        "server" => CertificateUsages.Server,
        "client" => CertificateUsages.Client,
        _ => throw new ArgumentException($"'{usage}' is not a usage of a certificate; server and client are.", nameof(usage)),
    };

    private static IPAddress Address(string text) => IPAddress.TryParse(text, out var address)
        ? address
        : throw new ArgumentException($"'{text}' is not an address.", nameof(text));
}
