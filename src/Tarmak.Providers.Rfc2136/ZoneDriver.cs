using ARSoft.Tools.Net;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Rfc2136;

/// <summary>
/// Zones of the server. Dynamic updates cannot make one, so it must be there; its use is given up, never the zone. Its id is
/// its name.
/// </summary>
internal sealed class ZoneDriver(NameServer server) : IResourceDriver<DnsZoneSpec>
{
    /// <summary>What this driver declares; the sheet repeats it.</summary>
    public static readonly ResourceTraits Declared = new()
    {
        Kind = ResourceKinds.DnsZone,
        EnsureResolution = UnknownResolution.UniqueName,
        CallDeadline = Rfc2136Provider.CallDeadline,
        Shared = true,
        Compare = static (made, wanted) => ResourceJson.Read<DnsZoneSpec>(made).Zone == ResourceJson.Read<DnsZoneSpec>(wanted).Zone ? ChangeEffect.None : ChangeEffect.Replace,
    };

    /// <inheritdoc/>
    public ResourceTraits Traits => Declared;

    /// <inheritdoc/>
    public async Task<StepOutcome> ObserveAsync(ResourceCall call, DnsZoneSpec spec, CancellationToken cancellationToken) =>
        new StepOutcome.Succeeded(await IsServedAsync(spec, cancellationToken).ConfigureAwait(false) ? Seen(spec) : Observation.Absent);

    /// <inheritdoc/>
    public async Task<StepOutcome> EnsureAsync(ResourceCall call, DnsZoneSpec spec, CancellationToken cancellationToken) =>
        await IsServedAsync(spec, cancellationToken).ConfigureAwait(false)
            ? new StepOutcome.Succeeded(Seen(spec))
            : new StepOutcome.Failed(ErrorClass.DependencyMissing, Missing(server, spec.Zone));

    /// <inheritdoc/>
    public Task<StepOutcome> DeleteAsync(ResourceCall call, DnsZoneSpec spec, CancellationToken cancellationToken) =>
        Task.FromResult<StepOutcome>(new StepOutcome.Succeeded(Observation.Absent));

    /// <summary>The sentence for a zone that the server does not serve.</summary>
    internal static string Missing(NameServer server, string zone) =>
        $"DNS server {server.Shown} does not serve zone {zone}; make it there, with updates allowed, or name another in the override's zone.";

    private Task<bool> IsServedAsync(DnsZoneSpec spec, CancellationToken cancellationToken) =>
        DnsNames.IsName(spec.Zone)
            ? server.ServesAsync(DomainName.Parse(spec.Zone), cancellationToken)
            : throw new ProviderException(ErrorClass.InvalidSpec, $"{spec.Zone} is no name of a zone.");

    private static Observation Seen(DnsZoneSpec spec) => Observation.Present(spec.Zone, ResourceJson.Write(new DnsZoneOutputs(spec.Zone)));
}
