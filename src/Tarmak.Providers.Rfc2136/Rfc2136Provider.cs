using ARSoft.Tools.Net;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Rfc2136;

/// <summary>One DNS server that takes dynamic updates. It offers DNS and nothing else.</summary>
public sealed class Rfc2136Provider : IProvider, IDns
{
    /// <summary>Deadline of a step: three exchanges.</summary>
    internal static readonly TimeSpan CallDeadline = TimeSpan.FromSeconds(30);

    private readonly Rfc2136Options options;
    private readonly NameServer server;

    internal Rfc2136Provider(Rfc2136Options options, TimeProvider time)
    {
        this.options = options;
        server = new NameServer(options, time);
        Zones = new ZoneDriver(server);
        RecordSets = new RecordSetDriver(server);
    }

    /// <inheritdoc/>
    public RequirementSheet Sheet => Rfc2136Sheet.Sheet;

    /// <inheritdoc/>
    public IDns Dns => this;

    /// <inheritdoc/>
    public IResourceDriver<DnsZoneSpec> Zones { get; }

    /// <inheritdoc/>
    public IResourceDriver<DnsRecordSetSpec> RecordSets { get; }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RequirementFinding>> VerifyAsync(CancellationToken cancellationToken)
    {
        List<RequirementFinding> findings = [];
        try
        {
            var key = await TransactionKey.ReadAsync(options, cancellationToken).ConfigureAwait(false);

            // Any server has a word about the root, if only that it does not serve it.
            await server.ServesAsync(DomainName.Root, cancellationToken).ConfigureAwait(false);
            findings.Add(new(Rfc2136Sheet.Server, RequirementState.Met, $"{server.Shown} answers."));
            findings.Add(key is null
                ? new(Rfc2136Sheet.Key, RequirementState.Unmet, "credentialsFrom names no key; without one a server can trust addresses only.")
                : new(Rfc2136Sheet.Key, RequirementState.Met, $"{server.Shown} takes {key}."));
        }
        catch (ProviderException refused) when (refused.Error == ErrorClass.Unauthenticated)
        {
            findings.Add(new(Rfc2136Sheet.Server, RequirementState.Unknown, "Without its key it was not asked, or its answer not trusted."));
            findings.Add(new(Rfc2136Sheet.Key, RequirementState.Unmet, refused.Message));
        }
        catch (ProviderException refused)
        {
            findings.Add(new(Rfc2136Sheet.Server, RequirementState.Unmet, refused.Message));
            findings.Add(new(Rfc2136Sheet.Key, RequirementState.Unknown, "The server did not answer."));
        }

        findings.Add(new(Rfc2136Sheet.Updates, RequirementState.Unknown, "Whether it may update a name is seen only by updating one."));
        return findings;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> CheckAsync(PreflightRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        List<string> problems = [];
        foreach (var (environment, zone) in request.Zones)
        {
            try
            {
                if (!await server.ServesAsync(DomainName.Parse(zone), cancellationToken).ConfigureAwait(false))
                {
                    problems.Add($"{environment}: {ZoneDriver.Missing(server, zone)}");
                }
            }
            catch (ProviderException refused)
            {
                problems.Add($"{environment}: {refused.Message}");
            }
        }

        return problems;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
