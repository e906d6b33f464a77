using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tarmak.Api.Reach;

namespace Tarmak.Agent.Relay;

/// <summary>Decides which client certificates are an engine's.</summary>
/// <param name="authority">The engine's authority.</param>
internal sealed class EngineCertificate(X509Certificate2 authority)
{
    private const string ClientUsage = "1.3.6.1.5.5.7.3.2";

    /// <summary>Whether a client certificate was issued to the engine by its authority.</summary>
    /// <param name="certificate">The certificate; null where the client has none.</param>
    /// <returns>True if it was.</returns>
    public bool Accept(X509Certificate? certificate)
    {
        if (certificate is null)
        {
            return false;
        }

        using X509Certificate2 client = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientUsage));
        return chain.Build(client)
            && client.GetNameInfo(X509NameType.SimpleName, forIssuer: false) == AuthorityExtension.EngineName;
    }
}
