namespace Tarmak.Configuration.Certificates;

/// <summary>What a certificate may be used for.</summary>
[Flags]
public enum CertificateUsages
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>To be shown by a TLS server.</summary>
    Server = 1,

    /// <summary>To be shown by a TLS client.</summary>
    Client = 2,

    /// <summary>To sign bundles.</summary>
    CodeSigning = 4,
}
