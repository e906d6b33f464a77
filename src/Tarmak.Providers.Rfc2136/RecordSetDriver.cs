using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;
using ARSoft.Tools.Net.Dns.DynamicUpdate;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Rfc2136;

/// <summary>
/// Record sets, each with a companion that says whose it is. Every change is one update whose prerequisites are what was
/// seen: whoever comes second changes nothing. The id is <c>zone/name/type</c>.
/// </summary>
internal sealed class RecordSetDriver(NameServer server) : IResourceDriver<DnsRecordSetSpec>
{
    /// <summary>What this driver declares; the sheet repeats it.</summary>
    public static readonly ResourceTraits Declared = new()
    {
        Kind = ResourceKinds.DnsRecordSet,
        EnsureResolution = UnknownResolution.UniqueName,
        CallDeadline = Rfc2136Provider.CallDeadline,
        Compare = Compare,
    };

    // Names of one type have one companion; RFC 1035 bounds a name.
    private const int LongestName = 253;

    /// <inheritdoc/>
    public ResourceTraits Traits => Declared;

    /// <inheritdoc/>
    public async Task<StepOutcome> ObserveAsync(ResourceCall call, DnsRecordSetSpec spec, CancellationToken cancellationToken)
    {
        RefuseMalformed(spec);
        return new StepOutcome.Succeeded(Seen(call, spec, await LookAsync(spec, cancellationToken).ConfigureAwait(false)));
    }

    /// <inheritdoc/>
    public async Task<StepOutcome> EnsureAsync(ResourceCall call, DnsRecordSetSpec spec, CancellationToken cancellationToken)
    {
        RefuseMalformed(spec);
        var found = await LookAsync(spec, cancellationToken).ConfigureAwait(false);
        if (Seen(call, spec, found) is { Exists: true, InSync: true } already)
        {
            return new StepOutcome.Succeeded(already);
        }

        if (Obstacle(call, spec, found) is { } obstacle)
        {
            return obstacle;
        }

        var update = Begin(spec);
        update.Prequisites.Add(found.Owner is null
            ? new RecordNotExistsPrequisite(DomainName.Parse(OwnerRecord.NameOf(spec)), RecordType.Txt)
            : new RecordExistsValueDependantPrequisite(found.Owner.ToRecord(spec)));
        if (found.Owner is null)
        {
            update.Prequisites.Add(new RecordNotExistsPrequisite(DomainName.Parse(spec.Name), RecordData.TypeOf(spec)));
        }
        else
        {
            update.Updates.Add(new DeleteAllRecordsUpdate(DomainName.Parse(OwnerRecord.NameOf(spec)), RecordType.Txt));
            update.Updates.Add(new DeleteAllRecordsUpdate(DomainName.Parse(spec.Name), RecordData.TypeOf(spec)));
        }

        update.Updates.Add(new AddRecordUpdate(OwnerRecord.Of(call).ToRecord(spec)));
        foreach (var record in RecordData.Of(spec))
        {
            update.Updates.Add(new AddRecordUpdate(record));
        }

        switch (await server.UpdateAsync(update, cancellationToken).ConfigureAwait(false))
        {
            case null:
                return Lost(spec);
            case ReturnCode.NoError:
                return new StepOutcome.Succeeded(Observation.Present(Id(spec), Outputs(spec)));
            case ReturnCode.YXRRSet or ReturnCode.NXRRSet or ReturnCode.YXDomain or ReturnCode.NxDomain:
                // Somebody was first; perhaps this very owner, in another process.
                var now = await LookAsync(spec, cancellationToken).ConfigureAwait(false);
                return Seen(call, spec, now) is { Exists: true, InSync: true } made ? new StepOutcome.Succeeded(made)
                    : Obstacle(call, spec, now) ?? new StepOutcome.Failed(ErrorClass.Transient, $"The record set {spec.Name} {spec.Type} was changed at the same time.");
            case { } refused:
                throw server.Refused(refused, $"Writing {spec.Name} {spec.Type}");
        }
    }

    /// <inheritdoc/>
    public async Task<StepOutcome> DeleteAsync(ResourceCall call, DnsRecordSetSpec spec, CancellationToken cancellationToken)
    {
        RefuseMalformed(spec);
        var found = await LookAsync(spec, cancellationToken).ConfigureAwait(false);
        if (found.Owner?.IsThis(call) != true)
        {
            return new StepOutcome.Succeeded(Observation.Absent);
        }

        var update = Begin(spec);
        update.Prequisites.Add(new RecordExistsValueDependantPrequisite(found.Owner.ToRecord(spec)));
        update.Updates.Add(new DeleteAllRecordsUpdate(DomainName.Parse(spec.Name), RecordData.TypeOf(spec)));
        update.Updates.Add(new DeleteAllRecordsUpdate(DomainName.Parse(OwnerRecord.NameOf(spec)), RecordType.Txt));
        return await server.UpdateAsync(update, cancellationToken).ConfigureAwait(false) switch
        {
            null => Lost(spec),
            ReturnCode.NoError or ReturnCode.NXRRSet => new StepOutcome.Succeeded(Observation.Absent),
            { } refused => throw server.Refused(refused, $"Removing {spec.Name} {spec.Type}"),
        };
    }

    private async Task<Found> LookAsync(DnsRecordSetSpec spec, CancellationToken cancellationToken)
    {
        var companions = await server.LookAsync<TxtRecord>(DomainName.Parse(OwnerRecord.NameOf(spec)), RecordType.Txt, cancellationToken).ConfigureAwait(false);
        var records = await server.LookAsync<DnsRecordBase>(DomainName.Parse(spec.Name), RecordData.TypeOf(spec), cancellationToken).ConfigureAwait(false);
        return new Found(companions.Count == 1 ? OwnerRecord.Read(companions[0]) : null, companions.Count > 0, records);
    }

    private static Observation Seen(ResourceCall call, DnsRecordSetSpec spec, Found found) =>
        found.Owner?.IsThis(call) != true ? Observation.Absent
            : RecordData.AreAs(found.Records, spec) ? Observation.Present(Id(spec), Outputs(spec))
            : Observation.Drifted(Id(spec), Outputs(spec), $"{spec.Name} has other values.");

    /// <summary>What keeps the call from changing what is there; null where nothing does.</summary>
    private static StepOutcome.Failed? Obstacle(ResourceCall call, DnsRecordSetSpec spec, Found found)
    {
        if (found.Owner is { } owner && owner.IsOwn(call))
        {
            return owner.Incarnation > call.Incarnation
                ? new StepOutcome.Failed(ErrorClass.Conflict, $"The record set {spec.Name} was made again since (incarnation {owner.Incarnation}), so this call for incarnation {call.Incarnation} comes too late.")
                : null;
        }

        return found.HasCompanion || found.Records.Count > 0
            ? new StepOutcome.Failed(ErrorClass.Conflict, $"The record set {spec.Name} {spec.Type} is there already and belongs to somebody else; remove it, or name another zone.")
            : null;
    }

    private static DnsUpdateMessage Begin(DnsRecordSetSpec spec) => new() { ZoneName = DomainName.Parse(spec.ZoneId) };

    private StepOutcome.Unknown Lost(DnsRecordSetSpec spec) => new($"The answer of DNS server {server.Shown} about {spec.Name} {spec.Type} was lost.");

    private static void RefuseMalformed(DnsRecordSetSpec spec)
    {
        var problem = DnsNames.Problem(spec, spec.ZoneId)
            ?? (OwnerRecord.NameOf(spec).Length > LongestName ? $"{spec.Name} is too long to have its owner's record beside it." : null);
        if (problem is not null)
        {
            throw new ProviderException(ErrorClass.InvalidSpec, problem);
        }
    }

    private static ChangeEffect Compare(string made, string wanted)
    {
        if (made == wanted)
        {
            return ChangeEffect.None;
        }

        var (before, after) = (ResourceJson.Read<DnsRecordSetSpec>(made), ResourceJson.Read<DnsRecordSetSpec>(wanted));
        return Id(before) == Id(after) ? ChangeEffect.Update : ChangeEffect.Replace;
    }

    private static string Id(DnsRecordSetSpec spec) => $"{spec.ZoneId}/{spec.Name}/{spec.Type}";

    private static string Outputs(DnsRecordSetSpec spec) => ResourceJson.Write(new DnsRecordSetOutputs(spec.Name));

    /// <summary>What is at the name.</summary>
    /// <param name="Owner">What its companion says; null where there is none, or none of Tarmak's.</param>
    /// <param name="HasCompanion">Whether something is at the companion's name.</param>
    /// <param name="Records">The records.</param>
    private sealed record Found(OwnerRecord? Owner, bool HasCompanion, IReadOnlyList<DnsRecordBase> Records);
}
