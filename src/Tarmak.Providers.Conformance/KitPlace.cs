using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tarmak.Model.Resources;
using Tarmak.Providers.Conformance.Checks;
using X509Request = System.Security.Cryptography.X509Certificates.CertificateRequest;

namespace Tarmak.Providers.Conformance;

/// <summary>
/// What machines, balancers and zones stand on: a machine image, an outer network with an edge, and an inner network. It is
/// made at the first need, shared by a run's checks and removed at its end.
/// </summary>
/// <param name="subject">The provider.</param>
/// <param name="name">A name only this place uses.</param>
/// <param name="time">The clock.</param>
internal sealed class KitPlace(ConformanceSubject subject, string name, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan CertificateLife = TimeSpan.FromDays(1);

    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const int SerialLength = 16;

    private readonly Lazy<X509Certificate2> authority = new(() =>
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new X509Request("CN=conformance", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        // Machines' clocks may be behind.
        return request.CreateSelfSigned(time.GetUtcNow() - CertificateLife, time.GetUtcNow() + CertificateLife);
    });

    private Task<string>? image;
    private Task<string>? outer;
    private Task<EdgeOutputs>? edge;
    private Task<NetworkOutputs>? inner;

    /// <summary>Stands for the removal of the place in a report.</summary>
    public static ConformanceCheck Removed { get; } = new(
        $"{CapabilityNames.Compute}/what-checks-stood-on-is-removed", "The networks and the edge that checks stood on can be removed after them.", static _ => true, static (_, _) => Task.CompletedTask);

    /// <summary>What has to be undone; null where nothing was made.</summary>
    public CheckScope? Scope { get; private set; }

    /// <summary>The machine image.</summary>
    public Task<string> ImageAsync(CancellationToken cancellationToken) => image ??= MakeAsync(
        async scope => ResourceJson.Read<MachineImageOutputs>((await new Specimen<MachineImageSpec>(
            scope, scope.Provider.MachineImages!.Images, ResourceKinds.MachineImage, new MachineImageSpec("base")).EnsureAsync(cancellationToken).ConfigureAwait(false)).Outputs!).ImageId);

    /// <summary>The outer network.</summary>
    public Task<string> OuterAsync(CancellationToken cancellationToken) => outer ??= MakeAsync(
        async scope => (await NetworkAsync(scope, "outer", isInternal: false, cancellationToken).ConfigureAwait(false)).NetworkId);

    /// <summary>The inner network.</summary>
    public Task<NetworkOutputs> InnerAsync(CancellationToken cancellationToken) =>
        inner ??= MakeAsync(scope => NetworkAsync(scope, "inner", isInternal: true, cancellationToken));

    /// <summary>What an edge is made of.</summary>
    public async Task<EdgeSpec> EdgeSpecAsync(CancellationToken cancellationToken) => new(
        await ImageAsync(cancellationToken).ConfigureAwait(false), await OuterAsync(cancellationToken).ConfigureAwait(false), null, authority.Value.ExportCertificatePem());

    /// <summary>The edge.</summary>
    public Task<EdgeOutputs> EdgeAsync(CancellationToken cancellationToken) => edge ??= MakeAsync(async scope =>
    {
        var one = new Specimen<EdgeSpec>(scope, scope.Provider.Compute!.Edges, ResourceKinds.Edge, await EdgeSpecAsync(cancellationToken).ConfigureAwait(false));
        return ResourceJson.Read<EdgeOutputs>((await one.EnsureAsync(cancellationToken).ConfigureAwait(false)).Outputs!);
    });

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (authority.IsValueCreated)
        {
            authority.Value.Dispose();
        }

        return Scope?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    private static async Task<NetworkOutputs> NetworkAsync(CheckScope scope, string part, bool isInternal, CancellationToken cancellationToken)
    {
        var one = new Specimen<NetworkSpec>(scope, scope.Provider.Network!.Networks, ResourceKinds.Network, new NetworkSpec(null, isInternal), part);
        return ResourceJson.Read<NetworkOutputs>((await one.EnsureAsync(cancellationToken).ConfigureAwait(false)).Outputs!);
    }

    /// <summary>Has the authority that the edge trusts sign a certificate, as an engine does for a machine that enrols.</summary>
    /// <param name="request">The machine's request, PEM.</param>
    /// <param name="name">Whose it is to be.</param>
    /// <returns>The certificate, PEM.</returns>
    public string Sign(string request, string name)
    {
        var key = X509Request.LoadSigningRequestPem(request, HashAlgorithmName.SHA256).PublicKey;
        var signed = new X509Request(new X500DistinguishedName($"CN={name}"), key, HashAlgorithmName.SHA256);
        signed.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, false, 0, critical: true));
        signed.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(new OidCollection { new Oid(ClientAuthentication) }, critical: true));
        using var made = signed.Create(authority.Value, authority.Value.NotBefore, authority.Value.NotAfter, RandomNumberGenerator.GetBytes(SerialLength));
        return made.ExportCertificatePem();
    }

    // A place that cannot be made fails each check that needs it, with the same reason.
    private Task<T> MakeAsync<T>(Func<CheckScope, Task<T>> make) => make(Scope ??= new CheckScope(subject, name, time));
}
