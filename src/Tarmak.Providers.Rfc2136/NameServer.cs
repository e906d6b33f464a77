using System.Net;
using System.Net.Sockets;
using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;
using ARSoft.Tools.Net.Dns.DynamicUpdate;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Telemetry;

namespace Tarmak.Providers.Rfc2136;

/// <summary>
/// The zone's primary server. It is asked and told over TCP: an answer that is lost is seen to be lost, and nothing is sent
/// twice behind a driver's back.
/// </summary>
internal sealed class NameServer(Rfc2136Options options, TimeProvider time)
{
    /// <summary>Deadline of one exchange; a driver's step has at most three.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    public string Shown => options.Shown;

    /// <summary>The records of a name and type, as the server itself has them.</summary>
    /// <exception cref="ProviderException">It did not answer, or refused.</exception>
    public async Task<IReadOnlyList<T>> LookAsync<T>(DomainName name, RecordType type, CancellationToken cancellationToken)
        where T : DnsRecordBase
    {
        var answer = await AskAsync(name, type, cancellationToken).ConfigureAwait(false);
        return answer.ReturnCode switch
        {
            ReturnCode.NoError => [.. answer.AnswerRecords.OfType<T>().Where(r => r.Name.Equals(name) && r.RecordType == type)],
            ReturnCode.NxDomain => [],
            var refused => throw Refused(refused, $"Looking up {name}"),
        };
    }

    /// <summary>Whether the server answers for a zone itself.</summary>
    /// <exception cref="ProviderException">It did not answer, or does not take the key.</exception>
    public async Task<bool> ServesAsync(DomainName zone, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(zone, RecordType.Soa, cancellationToken).ConfigureAwait(false);
        return answer.ReturnCode switch
        {
            ReturnCode.NoError => answer.IsAuthoritiveAnswer && answer.AnswerRecords.OfType<SoaRecord>().Any(r => r.Name.Equals(zone)),

            // So a server says that it knows nothing of the zone.
            ReturnCode.NxDomain or ReturnCode.Refused or ReturnCode.ServerFailure => false,
            var refused => throw Refused(refused, $"Looking up zone {zone}"),
        };
    }

    /// <summary>Makes an update.</summary>
    /// <returns>The server's answer; null where none came, and the update may have been made.</returns>
    /// <exception cref="ProviderException">Nothing was sent: the server's name or the key cannot be had.</exception>
    public async Task<ReturnCode?> UpdateAsync(DnsUpdateMessage update, CancellationToken cancellationToken)
    {
        using var span = ProviderCalls.Start($"Updating zone {update.ZoneName} at {Shown}");
        if (await TransactionKey.ReadAsync(options, cancellationToken).ConfigureAwait(false) is { } key)
        {
            key.Sign(update, time.GetUtcNow());
        }

        using var client = await ClientAsync(cancellationToken).ConfigureAwait(false);
        var answer = await client.SendUpdateAsync(update, cancellationToken).ConfigureAwait(false);
        if (answer?.ReturnCode is not ReturnCode.NoError)
        {
            ProviderCalls.Fail(span, answer is null ? "Unknown" : answer.ReturnCode.ToString(), "The update was not confirmed.");
        }

        return answer?.ReturnCode;
    }

    /// <summary>The server's refusal as the contract's.</summary>
    public ProviderException Refused(ReturnCode code, string what) => code switch
    {
        ReturnCode.NotAuthoritive or ReturnCode.BadSig or ReturnCode.BadKey or ReturnCode.BadTime or ReturnCode.BadTrunc => new ProviderException(
            ErrorClass.Unauthenticated, $"{what}: DNS server {Shown} does not take the transaction key, or is not the zone's primary; compare key, clocks and spec.server."),
        ReturnCode.Refused => new ProviderException(
            ErrorClass.Unauthorized, $"{what}: DNS server {Shown} refuses it; let the key update this name (update-policy)."),
        ReturnCode.NotZone => new ProviderException(ErrorClass.InvalidSpec, $"{what}: the name is in no zone of DNS server {Shown}."),
        ReturnCode.NotImplemented => new ProviderException(ErrorClass.Terminal, $"{what}: DNS server {Shown} takes no dynamic updates."),
        ReturnCode.FormatError => new ProviderException(ErrorClass.InvalidSpec, $"{what}: DNS server {Shown} finds the request malformed."),
        _ => new ProviderException(ErrorClass.Transient, $"{what}: DNS server {Shown} answers {code}."),
    };

    private async Task<DnsMessage> AskAsync(DomainName name, RecordType type, CancellationToken cancellationToken)
    {
        using var span = ProviderCalls.Start($"Looking up {name} {type} at {Shown}");
        var question = new DnsMessage { IsQuery = true, OperationCode = OperationCode.Query, IsRecursionDesired = false };
        question.Questions.Add(new DnsQuestion(name, type, RecordClass.INet));
        if (await TransactionKey.ReadAsync(options, cancellationToken).ConfigureAwait(false) is { } key)
        {
            key.Sign(question, time.GetUtcNow());
        }

        using var client = await ClientAsync(cancellationToken).ConfigureAwait(false);
        var answer = await client.SendMessageAsync(question, cancellationToken).ConfigureAwait(false);
        if (answer is null)
        {
            ProviderCalls.Fail(span, nameof(ErrorClass.Transient), "No answer came.");
            cancellationToken.ThrowIfCancellationRequested();
            throw new ProviderException(
                ErrorClass.Transient, $"Looking up {name}: DNS server {Shown} gave no answer over TCP that can be trusted; see that it runs and takes the transaction key.");
        }

        return answer;
    }

    private async Task<DnsClient> ClientAsync(CancellationToken cancellationToken)
    {
        try
        {
            var addresses = IPAddress.TryParse(options.Server, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(options.Server, cancellationToken).ConfigureAwait(false);
            return new DnsClient(addresses[..1], [new TcpClientTransport(options.Port)], true, (int)Patience.TotalMilliseconds);
        }
        catch (SocketException unknown)
        {
            throw new ProviderException(ErrorClass.Transient, $"The host name of DNS server {Shown} is not found; see spec.server.", unknown);
        }
    }
}
