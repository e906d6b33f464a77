using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.Core;
using Tarmak.Api.Agent.V1;
using Tarmak.Configuration.Certificates;
using Tarmak.Grains.Agents;
using Tarmak.Grains.Identity;
using Tarmak.Model.Resources;
using Tarmak.Providers;
using Tarmak.Providers.Capabilities;
using AgentContract = Tarmak.Api.Agent.V1.Agent;
using Entitlement = Tarmak.Model.Resources.CertificateRequest;
using SigningRequest = System.Security.Cryptography.X509Certificates.CertificateRequest;

namespace Tarmak.Gateway.Agents;

/// <summary>
/// The agents' contract. Who calls is decided by the client certificate alone, and each call speaks of the caller's own
/// instance: no request can name another.
/// </summary>
/// <param name="authority">The engine's authority.</param>
/// <param name="directory">The enrolled agents.</param>
/// <param name="bundles">The bundles in force.</param>
/// <param name="stores">The environments' stores.</param>
/// <param name="grants">What instances may read and use.</param>
/// <param name="machines">What clouds say about machines' evidence.</param>
/// <param name="challenges">Nonces for it.</param>
/// <param name="hints">Wakes what waits for convergence.</param>
/// <param name="lifetime">Of the listener: tells when it stops.</param>
/// <param name="clock">The time.</param>
/// <param name="logger">The log.</param>
internal sealed partial class AgentService(
    EngineAuthority authority, IAgentDirectory directory, IInstanceBundles bundles, IEnvironmentStores stores, IInstanceGrants grants,
    IMachineEvidence machines, EvidenceChallenges challenges, IConvergenceHints hints, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<AgentService> logger) : AgentContract.AgentBase
{
    /// <summary>Largest bundle that is sent.</summary>
    public const int LargestBundle = 16 * 1024 * 1024;

    private const int LongestWaitSeconds = 60;
    private const int LargestRequest = 16 * 1024;
    private const int MostSshHostKeys = 16;
    private const int MostResources = 500;
    private const int LongestText = 2000;
    private const int LongestReport = 128 * 1024;
    private const string ReferencePrefix = "secret://";

    /// <summary>Time between runs of an unchanged bundle.</summary>
    private static readonly TimeSpan Cadence = TimeSpan.FromMinutes(30);

    /// <summary>How long a call may take, its wait apart.</summary>
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public override Task<ChallengeResponse> Challenge(ChallengeRequest request, ServerCallContext context) =>
        GuardAsync(nameof(Challenge), CallLimit, context, async cancellationToken =>
        {
            if (request.PublicKey.Length is 0 or > LargestRequest)
            {
                throw new RpcException(new Status(StatusCode.InvalidArgument, "A challenge is for a public key, and none was named."));
            }

            bool needed = await machines.IsNeededAsync(request.Instance, cancellationToken).ConfigureAwait(false);
            return new ChallengeResponse
            {
                Nonce = needed
                    ? ByteString.CopyFrom(await challenges.IssueAsync(request.InstanceUid, Hash(request.PublicKey.Span), cancellationToken).ConfigureAwait(false))
                    : ByteString.Empty,
            };
        });

    /// <summary>
    /// Enrols with the one-time secret or, with no secret, renews under the certificate of an earlier enrolment and the
    /// same key. Renewal is granted even when that certificate has expired: its key is still the one the directory
    /// knows, and a machine that was switched off for a month must not be lost. No other call takes an expired one.
    /// </summary>
    public override Task<EnrolResponse> Enrol(EnrolRequest request, ServerCallContext context) =>
        GuardAsync(nameof(Enrol), CallLimit, context, async cancellationToken =>
        {
            string publicKeyHash = PublicKeyHash(ReadSigningRequest(request.CertificateSigningRequest));
            AgentIdentity identity = request.Secret.Length == 0
                ? await RenewAsync(request, publicKeyHash, context, cancellationToken).ConfigureAwait(false)
                : await UseSecretAsync(request, publicKeyHash, cancellationToken).ConfigureAwait(false);

            using X509Certificate2 certificate = authority.SignAgent(request.CertificateSigningRequest.Span, identity.InstanceUid);
            LogEnrolled(identity.Instance, identity.InstanceUid);
            hints.Nudge(identity.Instance);
            return new EnrolResponse
            {
                Certificate = ByteString.CopyFrom(certificate.RawData),
                Authority = ByteString.CopyFrom(authority.CertificateDer.Span),
            };
        });

    /// <inheritdoc/>
    public override Task<GetBundleResponse> GetBundle(GetBundleRequest request, ServerCallContext context)
    {
        TimeSpan wait = TimeSpan.FromSeconds(Math.Clamp(request.WaitSeconds, 0, LongestWaitSeconds));
        return GuardAsync(nameof(GetBundle), CallLimit + wait, context, async cancellationToken =>
        {
            AgentIdentity caller = await CallerAsync(context, cancellationToken).ConfigureAwait(false);
            InstanceBundle bundle = await AnotherBundleAsync(caller, request.HeldHash, wait, cancellationToken).ConfigureAwait(false)
                ?? throw new RpcException(new Status(StatusCode.NotFound, $"No bundle has been made for {caller.Instance} yet."));

            if (bundle.Hash == request.HeldHash)
            {
                return new GetBundleResponse { Hash = bundle.Hash };
            }

            // After the wait: the grant may have been withdrawn meanwhile.
            await RequireGrantAsync(caller, GrantPaths.Bundle(caller.Instance), GrantVerbs.Read, cancellationToken).ConfigureAwait(false);

            IObjectStorage objects = await stores.ObjectsAsync(bundle.Spec.Environment, bundle.Spec.BucketProvider, cancellationToken).ConfigureAwait(false);
            StoredObject content = await ReadAsync(objects, bundle, AgentPlaces.Bundle(bundle.Hash), cancellationToken).ConfigureAwait(false);
            StoredObject signature = await ReadAsync(objects, bundle, AgentPlaces.BundleSignature(bundle.Hash), cancellationToken).ConfigureAwait(false);
            return new GetBundleResponse
            {
                Hash = bundle.Hash,
                Content = UnsafeByteOperations.UnsafeWrap(content.Content),
                Signature = UnsafeByteOperations.UnsafeWrap(signature.Content),
                SigningCertificate = UnsafeByteOperations.UnsafeWrap(authority.BundleSigningCertificate),
            };
        });
    }

    /// <inheritdoc/>
    public override Task<SignCertificateResponse> SignCertificate(SignCertificateRequest request, ServerCallContext context) =>
        GuardAsync(nameof(SignCertificate), CallLimit, context, async cancellationToken =>
        {
            AgentIdentity caller = await CallerAsync(context, cancellationToken).ConfigureAwait(false);
            InstanceBundle bundle = await BundleAsync(caller, cancellationToken).ConfigureAwait(false);
            Entitlement entitlement = bundle.Spec.Certificates.FirstOrDefault(certificate => certificate.Name == request.Name)
                ?? throw new RpcException(new Status(StatusCode.PermissionDenied, $"{caller.Instance} is not entitled to a certificate of that name."));
            ReadSigningRequest(request.CertificateSigningRequest);

            string path = AgentPlaces.Authority(bundle.Spec.Environment, bundle.Spec.Cluster, entitlement.Authority);
            await RequireGrantAsync(caller, GrantPaths.Secret(path), GrantVerbs.Sign, cancellationToken).ConfigureAwait(false);
            ISecretStore secrets = await stores.SecretsAsync(bundle.Spec.Environment, cancellationToken).ConfigureAwait(false);
            using CertificateAuthority signer = await StoredAuthority.FindAsync(secrets, path, clock, cancellationToken).ConfigureAwait(false)
                ?? throw new RpcException(new Status(StatusCode.Unavailable, $"The authority {entitlement.Authority} of {caller.Instance} has not been made yet."));
            using X509Certificate2 certificate = signer.Sign(request.CertificateSigningRequest.Span, CertificateProfile.For(entitlement));
            LogSigned(caller.Instance, entitlement.Name, entitlement.Authority);
            return new SignCertificateResponse
            {
                Certificate = ByteString.CopyFrom(certificate.RawData),
                Authority = ByteString.CopyFrom(signer.CertificateDer.Span),
            };
        });

    /// <inheritdoc/>
    public override Task<GetSecretResponse> GetSecret(GetSecretRequest request, ServerCallContext context) =>
        GuardAsync(nameof(GetSecret), CallLimit, context, async cancellationToken =>
        {
            AgentIdentity caller = await CallerAsync(context, cancellationToken).ConfigureAwait(false);
            InstanceBundle bundle = await BundleAsync(caller, cancellationToken).ConfigureAwait(false);
            if (!request.Reference.StartsWith(ReferencePrefix, StringComparison.Ordinal)
                || !bundle.Secrets.TryGetValue(request.Reference[ReferencePrefix.Length..], out string? path))
            {
                throw new RpcException(new Status(StatusCode.PermissionDenied, $"The bundle of {caller.Instance} does not name that secret."));
            }

            await RequireGrantAsync(caller, GrantPaths.Secret(path), GrantVerbs.Read, cancellationToken).ConfigureAwait(false);
            ISecretStore secrets = await stores.SecretsAsync(bundle.Spec.Environment, cancellationToken).ConfigureAwait(false);
            Secret secret = await secrets.GetAsync(path, cancellationToken).ConfigureAwait(false)
                ?? throw new RpcException(new Status(StatusCode.Unavailable, $"A secret of {caller.Instance} has not been made yet."));
            return new GetSecretResponse { Value = ByteString.CopyFrom(secret.Value.Span) };
        });

    /// <inheritdoc/>
    public override Task<ReportResponse> Report(ReportRequest request, ServerCallContext context) =>
        GuardAsync(nameof(Report), CallLimit, context, async cancellationToken =>
        {
            AgentIdentity caller = await CallerAsync(context, cancellationToken).ConfigureAwait(false);
            await directory.RecordRunAsync(caller.PublicKeyHash, ReadRun(request), cancellationToken).ConfigureAwait(false);
            hints.Nudge(caller.Instance);
            return new ReportResponse { NextRunSeconds = (int)Cadence.TotalSeconds };
        });

    private async Task<AgentIdentity> UseSecretAsync(EnrolRequest request, string publicKeyHash, CancellationToken cancellationToken)
    {
        await RequireEvidenceAsync(request, publicKeyHash, cancellationToken).ConfigureAwait(false);
        string[] hostKeys = [.. request.SshHostKeys.Take(MostSshHostKeys).Select(SshHostKey.Read).OfType<string>()];
        return await directory.UseEnrolmentAsync(
            request.InstanceUid, FirstBootSecrets.Hash(request.Secret), publicKeyHash, hostKeys, clock.GetUtcNow(), cancellationToken).ConfigureAwait(false)
            ?? throw Denied("The one-time secret is unknown, has expired, or was used with another key.");
    }

    /// <summary>
    /// A one-time secret that was seen by others enrols nobody else: where the cloud can tell its machines apart, it must say
    /// that this one asks. The answer tells no more than that it was refused.
    /// </summary>
    private async Task RequireEvidenceAsync(EnrolRequest request, string publicKeyHash, CancellationToken cancellationToken)
    {
        if (!await machines.IsNeededAsync(request.Instance, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        if (!await challenges.IsOursAsync(request.Nonce.ToByteArray(), request.InstanceUid, publicKeyHash, cancellationToken).ConfigureAwait(false))
        {
            throw Denied("Enrolment needs the machine's evidence for a nonce that was given for its key within the last minutes.");
        }

        EvidenceVerdict verdict = await machines.VerifyAsync(request.Instance, request.Nonce.Memory, request.Evidence.Memory, cancellationToken).ConfigureAwait(false);
        if (verdict.MachineId is null)
        {
            LogEvidenceRefused(request.Instance, verdict.Reason ?? "");
            throw Denied("The machine's evidence was refused.");
        }
    }

    private async Task<AgentIdentity> RenewAsync(
        EnrolRequest request, string publicKeyHash, ServerCallContext context, CancellationToken cancellationToken)
    {
        X509Certificate2 certificate = ClientCertificate(context);
        AgentIdentity identity = await IdentifyAsync(certificate, cancellationToken).ConfigureAwait(false);
        return identity.PublicKeyHash == publicKeyHash && identity.InstanceUid == request.InstanceUid
            ? identity
            : throw Denied("A certificate is renewed with its own key and for its own instance only.");
    }

    private async Task<InstanceBundle?> AnotherBundleAsync(AgentIdentity caller, string held, TimeSpan wait, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(wait, clock);
        using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        while (true)
        {
            InstanceBundle? bundle = await FindBundleAsync(caller, cancellationToken).ConfigureAwait(false);
            if ((bundle is not null && bundle.Hash != held) || patience.IsCancellationRequested)
            {
                return bundle;
            }

            try
            {
                await bundles.WaitForChangeAsync(caller.InstanceUid, bundle?.Hash, waiting.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                // The wait is over: answer with what is in force.
            }
        }
    }

    /// <summary>The bundle in force. While it is changed nobody can tell what the next one entitles to: the agent asks again.</summary>
    private async Task<InstanceBundle> BundleAsync(AgentIdentity caller, CancellationToken cancellationToken) =>
        await FindBundleAsync(caller, cancellationToken).ConfigureAwait(false)
            ?? throw new RpcException(new Status(StatusCode.Unavailable, $"The bundle of {caller.Instance} is being changed."));

    private async Task<InstanceBundle?> FindBundleAsync(AgentIdentity caller, CancellationToken cancellationToken) =>
        await bundles.CurrentAsync(caller.InstanceUid, cancellationToken).ConfigureAwait(false) switch
        {
            BundleStanding.InForce { Bundle: var bundle } => bundle,
            BundleStanding.Changing => null,
            _ => throw Denied($"{caller.Instance} is gone, or another machine takes its place."),
        };

    /// <summary>Asks anew at every call: what was withdrawn is refused from the next one on.</summary>
    private async Task RequireGrantAsync(AgentIdentity caller, string path, string verb, CancellationToken cancellationToken)
    {
        switch (await grants.LookAsync(caller.Instance, caller.InstanceUid, path, verb, cancellationToken).ConfigureAwait(false))
        {
            case GrantVerdict.Granted:
                break;
            case GrantVerdict.Unrecorded:
                throw new RpcException(new Status(StatusCode.Unavailable, $"What {caller.Instance} may do is not recorded yet."));
            default:
                throw Denied($"{caller.Instance} may not {verb} {path}.");
        }
    }

    private async Task<AgentIdentity> CallerAsync(ServerCallContext context, CancellationToken cancellationToken)
    {
        X509Certificate2 certificate = ClientCertificate(context);
        DateTimeOffset now = clock.GetUtcNow();
        if (now < certificate.NotBefore || now > certificate.NotAfter)
        {
            throw new RpcException(new Status(StatusCode.Unauthenticated, "The client certificate is not valid at this time; it can be renewed."));
        }

        return await IdentifyAsync(certificate, cancellationToken).ConfigureAwait(false);
    }

    private async Task<AgentIdentity> IdentifyAsync(X509Certificate2 certificate, CancellationToken cancellationToken)
    {
        AgentIdentity? identity = await directory.FindAsync(PublicKeyHash(certificate.PublicKey), cancellationToken).ConfigureAwait(false);
        return identity is not null && identity.InstanceUid == certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false)
            ? identity
            : throw Denied("This agent is not enrolled, or a newer machine has taken its instance's place.");
    }

    private X509Certificate2 ClientCertificate(ServerCallContext context)
    {
        X509Certificate2? certificate = context.GetHttpContext().Connection.ClientCertificate;
        // The handshake has checked it too; a service must not depend on how its listener was configured.
        return certificate is not null && authority.IsOurs(certificate)
            ? certificate
            : throw new RpcException(new Status(StatusCode.Unauthenticated, "This call needs the client certificate that enrolment gives."));
    }

    private static async Task<StoredObject> ReadAsync(IObjectStorage objects, InstanceBundle bundle, string key, CancellationToken cancellationToken) =>
        await objects.GetAsync(bundle.Spec.BucketId, key, cancellationToken).ConfigureAwait(false) is { Content.Length: <= LargestBundle } found
            ? found
            : throw new RpcException(new Status(StatusCode.Unavailable, "The bundle in force cannot be read at this time."));

    private static PublicKey ReadSigningRequest(ByteString request)
    {
        try
        {
            if (request.Length is > 0 and <= LargestRequest)
            {
                return SigningRequest.LoadSigningRequest(request.Span, HashAlgorithmName.SHA256, out _).PublicKey;
            }
        }
        catch (CryptographicException exception)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "The certificate signing request is malformed or not signed by its own key.", exception));
        }

        throw new RpcException(new Status(StatusCode.InvalidArgument, "The certificate signing request is empty or too large."));
    }

    private ConfigurationRun ReadRun(ReportRequest request)
    {
        if (request.Run < 1 || !IsHash(request.BundleHash) || !double.IsFinite(request.Seconds))
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "A report needs a run number from 1, a bundle hash and a duration."));
        }

        RunResult result = request.Result switch
        {
            ReportRequest.Types.Result.Unchanged => RunResult.Unchanged,
            ReportRequest.Types.Result.Changed => RunResult.Changed,
            ReportRequest.Types.Result.Failed => RunResult.Failed,
            _ => throw new RpcException(new Status(StatusCode.InvalidArgument, "A report needs a result.")),
        };
        return new ConfigurationRun(
            request.BundleHash, request.Run, result, request.TotalResources, request.Seconds,
            request.Message.Length == 0 ? null : Bound(request.Message),
            Changes(request),
            clock.GetUtcNow());
    }

    /// <summary>The resources, failed ones first, as far as a report may fill the database.</summary>
    private static List<ResourceChange> Changes(ReportRequest request)
    {
        List<ResourceChange> changes = [];
        int length = 0;
        foreach (ResourceReport resource in request.Resources.OrderByDescending(resource => resource.Failed).Take(MostResources))
        {
            ResourceChange change = new(Bound(resource.Resource), resource.Failed, Bound(resource.Message));
            length += change.Resource.Length + change.Message.Length;
            if (length > LongestReport)
            {
                break;
            }

            changes.Add(change);
        }

        return changes;
    }

    private static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);

    private static string Bound(string text) => text.Length <= LongestText ? text : text[..LongestText];

    private static string PublicKeyHash(PublicKey key) => Hash(key.ExportSubjectPublicKeyInfo());

    private static string Hash(ReadOnlySpan<byte> publicKey) => Convert.ToHexStringLower(SHA256.HashData(publicKey));

    private static RpcException Denied(string reason) => new(new Status(StatusCode.PermissionDenied, reason));

    /// <summary>Bounds a call in time and turns what goes wrong into a status that tells agents what they need and no more.</summary>
    private async Task<T> GuardAsync<T>(string method, TimeSpan limit, ServerCallContext context, Func<CancellationToken, Task<T>> call)
    {
        using CancellationTokenSource late = new(limit, clock);
        // Agents wait here most of the time: nobody's patience may hold up the end of the engine.
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(
            late.Token, context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            return await call(ending.Token).ConfigureAwait(false);
        }
        catch (RpcException exception)
        {
            LogRefused(method, exception.StatusCode, exception.Status.Detail);
            throw;
        }
        catch (InvalidSigningRequestException exception)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, exception.Message, exception));
        }
        catch (ProviderException exception)
        {
            LogFailed(exception, method);
            throw new RpcException(new Status(StatusCode.Unavailable, "A store of the engine does not answer at this time.", exception));
        }
        catch (OperationCanceledException exception) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "The engine is stopping; call again.", exception));
        }
        catch (OperationCanceledException exception) when (late.IsCancellationRequested && !context.CancellationToken.IsCancellationRequested)
        {
            LogFailed(exception, method);
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, "The engine took too long over this call.", exception));
        }
    }

    [LoggerMessage(4111, LogLevel.Information, "The agent of {Instance} ({InstanceUid}) is enrolled")]
    private partial void LogEnrolled(string instance, string instanceUid);

    [LoggerMessage(4115, LogLevel.Warning, "Evidence for {Instance} was refused: {Reason}")]
    private partial void LogEvidenceRefused(string instance, string reason);

    [LoggerMessage(4112, LogLevel.Information, "Certificate {Certificate} of authority {Authority} was signed for {Instance}")]
    private partial void LogSigned(string instance, string certificate, string authority);

    [LoggerMessage(4113, LogLevel.Warning, "A call of an agent, {Method}, was refused with {Status}: {Reason}")]
    private partial void LogRefused(string method, StatusCode status, string reason);

    [LoggerMessage(4114, LogLevel.Error, "A call of an agent, {Method}, failed")]
    private partial void LogFailed(Exception exception, string method);
}
