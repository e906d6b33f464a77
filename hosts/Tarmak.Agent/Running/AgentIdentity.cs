using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Google.Protobuf;
using Tarmak.Agent.Trust;
using Tarmak.Api.Agent.V1;
using AgentContract = Tarmak.Api.Agent.V1.Agent;

namespace Tarmak.Agent.Running;

/// <summary>
/// Who this agent is: its key, made here once, and the certificate the engine gave for it. Enrolment is repeated with
/// the same key until its result is on disk, so a crash at any point is harmless.
/// </summary>
/// <param name="settings">First-boot data.</param>
/// <param name="paths">Where files are.</param>
/// <param name="pinned">The pinned authority.</param>
/// <param name="clock">The time.</param>
/// <param name="log">The journal.</param>
internal sealed class AgentIdentity(AgentSettings settings, AgentPaths paths, PinnedAuthority pinned, TimeProvider clock, AgentLog log) : IDisposable
{
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(30);

    private ECDsa? _key;

    /// <summary>The certificate with its key; null before enrolment.</summary>
    public X509Certificate2? Certificate { get; private set; }

    /// <summary>The authority's certificate, DER; null before enrolment.</summary>
    public byte[]? Authority { get; private set; }

    /// <summary>Whether two thirds of the certificate's life are over, or there is none.</summary>
    public bool RenewalDue =>
        Certificate is null
        || clock.GetUtcNow() >= new DateTimeOffset(Certificate.NotBefore) + ((Certificate.NotAfter - Certificate.NotBefore) * 2 / 3);

    /// <summary>Takes up what is on disk and makes the key if there is none.</summary>
    /// <exception cref="AgentException">The key's file is open to others or broken.</exception>
    public void Load()
    {
        AgentFiles.MakePrivateDirectory(paths.StateDirectory);
        _key = KeyFile.ReadOrCreate(paths.Key);
        if (!File.Exists(paths.Certificate) || !File.Exists(paths.Authority))
        {
            return;
        }

        try
        {
            using X509Certificate2 certificate = X509Certificate2.CreateFromPem(File.ReadAllText(paths.Certificate));
            using X509Certificate2 authority = X509Certificate2.CreateFromPem(File.ReadAllText(paths.Authority));
            if (certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false) == settings.InstanceUid && pinned.IsPinned(authority.RawData))
            {
                Certificate = certificate.CopyWithPrivateKey(_key);
                Authority = authority.RawData;
                ForgetSecret();
                return;
            }
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            log.Warning("The stored identity cannot be used.", ("error", exception.Message));
        }

        log.Warning("The stored identity is of another instance, authority or key; this machine enrols anew.");
    }

    /// <summary>Enrols with the one-time secret, or renews under the certificate at hand.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>A task.</returns>
    /// <exception cref="Grpc.Core.RpcException">The engine could not be reached or refused.</exception>
    /// <exception cref="AgentException">There is no usable secret, or the answer is not acceptable.</exception>
    public async Task ObtainAsync(CancellationToken cancellationToken)
    {
        ECDsa key = _key ?? throw new InvalidOperationException("The identity was not loaded.");
        EnrolRequest request = new()
        {
            Instance = settings.Instance,
            InstanceUid = settings.InstanceUid,
            Secret = Certificate is null ? ReadSecret() : string.Empty,
            CertificateSigningRequest = ByteString.CopyFrom(KeyFile.CreateRequest(key, settings.InstanceUid)),
        };
        request.SshHostKeys.AddRange(ReadSshHostKeys());

        using Grpc.Net.Client.GrpcChannel channel = EngineChannel.Open(settings.RelayAddress, pinned, Certificate, log);
        AgentContract.AgentClient engine = new(channel);
        if (request.Secret.Length > 0)
        {
            await ProveAsync(engine, key, request, cancellationToken).ConfigureAwait(false);
        }

        EnrolResponse response = await engine
            .EnrolAsync(request, deadline: DateTime.UtcNow + CallLimit, cancellationToken: cancellationToken).ConfigureAwait(false);
        Take(key, response);
        log.Info("This machine is enrolled.", ("instance", settings.Instance), ("until", Certificate!.NotAfter.ToUniversalTime().ToString("O")));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Certificate?.Dispose();
        _key?.Dispose();
    }

    /// <summary>Adds the machine's evidence, where its cloud takes any.</summary>
    private async Task ProveAsync(AgentContract.AgentClient engine, ECDsa key, EnrolRequest request, CancellationToken cancellationToken)
    {
        ChallengeResponse challenge = await engine.ChallengeAsync(
            new ChallengeRequest { Instance = request.Instance, InstanceUid = request.InstanceUid, PublicKey = ByteString.CopyFrom(key.ExportSubjectPublicKeyInfo()) },
            deadline: DateTime.UtcNow + CallLimit, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (challenge.Nonce.Length > 0)
        {
            request.Nonce = challenge.Nonce;
            request.Evidence = ByteString.CopyFrom(await new Evidence(paths).GiveAsync(challenge.Nonce.Memory, cancellationToken).ConfigureAwait(false));
        }
    }

    private void Take(ECDsa key, EnrolResponse response)
    {
        byte[] authority = response.Authority.ToByteArray();
        if (!pinned.IsPinned(authority))
        {
            throw new AgentException("The engine's answer to enrolment names another authority than the pinned one.");
        }

        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(response.Certificate.Span);
        X509Certificate2 identity;
        try
        {
            identity = certificate.CopyWithPrivateKey(key);
        }
        catch (ArgumentException exception)
        {
            throw new AgentException("The engine's answer to enrolment is for another key.", exception);
        }

        using X509Certificate2 authorityCertificate = X509CertificateLoader.LoadCertificate(authority);
        AgentFiles.Write(paths.Authority, Encoding.ASCII.GetBytes(authorityCertificate.ExportCertificatePem() + "\n"), AgentFiles.Public);
        AgentFiles.Write(paths.Certificate, Encoding.ASCII.GetBytes(certificate.ExportCertificatePem() + "\n"), AgentFiles.Public);
        ForgetSecret();
        Certificate = identity;
        Authority = authority;
    }

    private string ReadSecret()
    {
        if (!File.Exists(paths.EnrolmentSecret))
        {
            throw new AgentException($"This machine is not enrolled and {paths.EnrolmentSecret} is absent.");
        }

        AgentFiles.RequirePrivate(paths.EnrolmentSecret);
        return File.ReadAllText(paths.EnrolmentSecret).Trim();
    }

    private void ForgetSecret() => File.Delete(paths.EnrolmentSecret);

    private IEnumerable<string> ReadSshHostKeys() =>
        Directory.Exists(paths.SshDirectory)
            ? Directory.GetFiles(paths.SshDirectory, "ssh_host_*_key.pub").Order(StringComparer.Ordinal).Select(path => File.ReadAllText(path).Trim())
            : [];
}
