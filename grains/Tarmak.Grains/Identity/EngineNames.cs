namespace Tarmak.Grains.Identity;

/// <summary>Names in the engine's own certificates. Agents and relays look for the same ones.</summary>
public static class EngineNames
{
    /// <summary>Common name of the engine's server and relay client certificates.</summary>
    public const string Engine = "engine";

    /// <summary>Common name of the certificate that signs bundles.</summary>
    public const string BundleSigner = "bundle-signer";

    /// <summary>
    /// Extension of the server certificate that carries the authority's own: agents know the authority by a pin, and
    /// TLS stacks leave the root out of the chain they send.
    /// </summary>
    public const string AuthorityExtension = "2.25.234318826017823610914378426113702842337";

    /// <summary>Path of the authority in the secret store.</summary>
    public const string AuthorityPath = "engine/authority";

    /// <summary>Path of the bundle signing key in the secret store.</summary>
    public const string BundleSignerPath = "engine/bundle-signer";

    /// <summary>Path of the identity under which this home writes exports. It is no part of them: a home that takes over has its own.</summary>
    public const string ExportWriterPath = "engine/export-writer";

    /// <summary>Path of the key from which one-time secrets are derived.</summary>
    public const string EnrolmentKeyPath = "engine/enrolment-key";
}
