using System.Security.Cryptography.X509Certificates;

namespace Tarmak.Api.Reach;

/// <summary>
/// Certificate extension that carries the engine authority's own certificate inside the engine's server certificate.
/// An agent knows its authority by a pin only, and TLS stacks leave the root out of the chain they send, so without
/// this the agent could not see the key the pin speaks of. It proves nothing by itself: the pin does.
/// </summary>
public static class AuthorityExtension
{
    /// <summary>The extension's identifier, from the arc of UUIDs.</summary>
    public const string Oid = "2.25.234318826017823610914378426113702842337";

    /// <summary>Common name of the engine's server and relay client certificates.</summary>
    public const string EngineName = "engine";

    /// <summary>Common name of the certificate that signs bundles.</summary>
    public const string BundleSignerName = "bundle-signer";

    /// <summary>Makes the extension.</summary>
    /// <param name="authority">The authority's certificate, DER.</param>
    /// <returns>The extension, not critical.</returns>
    public static X509Extension Create(byte[] authority) => new(Oid, authority, critical: false);

    /// <summary>Reads the extension.</summary>
    /// <param name="certificate">A certificate of the engine.</param>
    /// <returns>The authority's certificate, DER, not yet trusted; null where the extension is absent.</returns>
    public static byte[]? Read(X509Certificate2 certificate) =>
        certificate.Extensions[Oid]?.RawData;
}
