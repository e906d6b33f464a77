using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Tarmak.Agent.Bundles;
using Tarmak.Agent.Trust;
using Tarmak.Api.Agent.V1;
using AgentContract = Tarmak.Api.Agent.V1.Agent;

namespace Tarmak.Agent.Configuration;

/// <summary>Keys and certificates of what runs on the machine. Each key is made here and never leaves it.</summary>
/// <param name="paths">Where files are.</param>
/// <param name="clock">The time.</param>
/// <param name="log">The journal.</param>
internal sealed partial class CertificateFiles(AgentPaths paths, TimeProvider clock, AgentLog log)
{
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(20);

    /// <summary>Sees that every listed certificate is there, is ours and has life left.</summary>
    /// <param name="entries">The certificates to have.</param>
    /// <param name="authorities">Which authority signed each one here; brought up to date.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>True where something was signed.</returns>
    /// <exception cref="AgentException">A certificate is missing or over, and none could be had.</exception>
    public async Task<bool> EnsureAsync(
        IReadOnlyList<CertificateEntry> entries, Dictionary<string, string> authorities, AgentContract.AgentClient engine, CancellationToken cancellationToken)
    {
        if (entries.Count > 0)
        {
            Directory.CreateDirectory(paths.PkiDirectory);
        }

        bool signed = false;
        foreach (CertificateEntry entry in entries)
        {
            if (!Name().IsMatch(entry.Name))
            {
                throw new AgentException($"{entry.Name} cannot be the name of a certificate.");
            }

            Fitness fitness = Judge(entry, authorities.GetValueOrDefault(entry.Name));
            if (fitness == Fitness.Good)
            {
                continue;
            }

            try
            {
                await ObtainAsync(entry, engine, cancellationToken).ConfigureAwait(false);
                authorities[entry.Name] = entry.Authority;
                signed = true;
                log.Info("A certificate was signed.", ("certificate", entry.Name), ("authority", entry.Authority));
            }
            catch (Grpc.Core.RpcException exception) when (fitness == Fitness.Aging)
            {
                log.Warning("A certificate could not be renewed yet.", ("certificate", entry.Name), ("error", exception.Status.Detail));
            }
            catch (Grpc.Core.RpcException exception)
            {
                throw new AgentException($"Certificate {entry.Name} could not be had: {exception.Status.Detail}", exception);
            }
        }

        return signed;
    }

    private async Task ObtainAsync(CertificateEntry entry, AgentContract.AgentClient engine, CancellationToken cancellationToken)
    {
        using ECDsa key = KeyFile.ReadOrCreate(KeyPath(entry.Name));
        SignCertificateResponse response = await engine.SignCertificateAsync(
            new SignCertificateRequest
            {
                Name = entry.Name,
                CertificateSigningRequest = ByteString.CopyFrom(KeyFile.CreateRequest(key, entry.Name)),
            },
            deadline: DateTime.UtcNow + CallLimit, cancellationToken: cancellationToken).ConfigureAwait(false);

        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(response.Certificate.Span);
        using X509Certificate2 authority = X509CertificateLoader.LoadCertificate(response.Authority.Span);
        if (!certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo()))
        {
            throw new AgentException($"The engine signed certificate {entry.Name} for another key.");
        }

        AgentFiles.Write(AuthorityPath(entry.Name), Pem(authority), AgentFiles.Public);
        AgentFiles.Write(CertificatePath(entry.Name), Pem(certificate), AgentFiles.Public);
    }

    private Fitness Judge(CertificateEntry entry, string? signedBy)
    {
        if (!File.Exists(KeyPath(entry.Name)) || !File.Exists(CertificatePath(entry.Name)) || !File.Exists(AuthorityPath(entry.Name))
            || signedBy != entry.Authority)
        {
            return Fitness.Bad;
        }

        try
        {
            using ECDsa key = KeyFile.ReadOrCreate(KeyPath(entry.Name));
            using X509Certificate2 certificate = X509Certificate2.CreateFromPem(File.ReadAllText(CertificatePath(entry.Name)));
            DateTimeOffset now = clock.GetUtcNow();
            if (now >= certificate.NotAfter || !NamesMatch(certificate, entry)
                || !certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo()))
            {
                return Fitness.Bad;
            }

            return now >= RenewalOf(certificate) ? Fitness.Aging : Fitness.Good;
        }
        catch (CryptographicException exception)
        {
            log.Warning("A stored certificate cannot be read and is made anew.", ("certificate", entry.Name), ("error", exception.Message));
            return Fitness.Bad;
        }
    }

    private static bool NamesMatch(X509Certificate2 certificate, CertificateEntry entry)
    {
        X509SubjectAlternativeNameExtension? names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        HashSet<string> dns = [.. names?.EnumerateDnsNames() ?? []];
        HashSet<IPAddress> addresses = [.. names?.EnumerateIPAddresses() ?? []];
        return certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false) == entry.CommonName
            && dns.SetEquals(entry.DnsNames)
            && addresses.SetEquals(entry.IpAddresses.Select(IPAddress.Parse));
    }

    private static DateTimeOffset RenewalOf(X509Certificate2 certificate) =>
        new DateTimeOffset(certificate.NotBefore) + ((certificate.NotAfter - certificate.NotBefore) * 2 / 3);

    private static byte[] Pem(X509Certificate2 certificate) => Encoding.ASCII.GetBytes(certificate.ExportCertificatePem() + "\n");

    private string KeyPath(string name) => Path.Combine(paths.PkiDirectory, name + ".key");

    private string CertificatePath(string name) => Path.Combine(paths.PkiDirectory, name + ".crt");

    private string AuthorityPath(string name) => Path.Combine(paths.PkiDirectory, name + "-ca.crt");

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,62}$")]
    private static partial Regex Name();

    private enum Fitness
    {
        Good,
        Aging,
        Bad,
    }
}
