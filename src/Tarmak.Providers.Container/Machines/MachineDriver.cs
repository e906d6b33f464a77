using System.Formats.Tar;
using System.Text.Json;
using Docker.DotNet.Models;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Container.Engine;
using Tarmak.Providers.Container.Firewall;
using Tarmak.Providers.Container.Metadata;
using Tarmak.Providers.Container.Networks;

namespace Tarmak.Providers.Container.Machines;

/// <summary>Machines: a container in which systemd runs. Create, first-boot files and start are each idempotent and observable.</summary>
internal sealed class MachineDriver(
    ContainerEngine engine, IFirstBootSecrets firstBootSecrets, FirewallStore firewallGroups, FirewallEnforcement firewall) : ContainerDriver<MachineSpec>
{
    /// <summary>What this driver declares; the sheet repeats it.</summary>
    public static readonly ResourceTraits Declared = new()
    {
        Kind = ResourceKinds.Machine,
        EnsureResolution = UnknownResolution.UniqueName,
        Compare = (made, wanted) => made == wanted ? ChangeEffect.None : ChangeEffect.Replace,
    };

    /// <inheritdoc/>
    public override ResourceTraits Traits => Declared;

    protected override async Task<StepOutcome> ObserveCoreAsync(ResourceCall call, MachineSpec spec, CancellationToken cancellationToken)
    {
        var found = await engine.FindContainerAsync(call.Name, cancellationToken).ConfigureAwait(false);
        return found is null || !IsThis(found, call)
            ? Gone()
            : found.State.Running
                ? Seen(Observation.Present(found.ID, Outputs(found, spec)))
                : Seen(Observation.Drifted(found.ID, Outputs(found, spec), $"The machine {spec.HostName} is {found.State.Status}."));
    }

    protected override async Task<StepOutcome> EnsureCoreAsync(ResourceCall call, MachineSpec spec, CancellationToken cancellationToken)
    {
        if (MachineSizes.Find(spec.Size) is not { } size)
        {
            return Refused(ErrorClass.InvalidSpec, MachineSizes.Unknown(spec.Size));
        }

        var container = await engine.FindContainerAsync(call.Name, cancellationToken).ConfigureAwait(false);
        if (container is not null && !Labels.IsOwn(container.Config.Labels, call.Marks))
        {
            return Refused(ErrorClass.Conflict, Labels.Foreign("container", call.Name));
        }

        Labels.RefuseLate(Labels.IncarnationOf(container?.Config.Labels), call, "machine");
        var text = ResourceJson.Write(spec);
        if (container is not null && (!IsThis(container, call) || Labels.Value(container.Config.Labels, Labels.Spec) != Labels.Hash(text)))
        {
            await engine.RemoveContainerAsync(container.ID, cancellationToken).ConfigureAwait(false);
            container = null;
        }

        if (container is null && call.ObjectId is not null)
        {
            // It was this object that was to be mended. Another one is another incarnation, with a one-time secret of its own.
            return Refused(ErrorClass.NotFound, $"The machine {spec.HostName} is gone.");
        }

        if (container is null)
        {
            container = await CreateAsync(call, spec, size, text, await SecretAsync(call, spec, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        }

        if (container.State.Running)
        {
            return Seen(Observation.Present(container.ID, Outputs(container, spec)));
        }

        var group = await PutFirewallAsync(spec, container.ID, cancellationToken).ConfigureAwait(false);
        if (IsNeverStarted(container))
        {
            await PutFirstBootAsync(call, spec, container.ID, cancellationToken).ConfigureAwait(false);
        }

        await engine.StartContainerAsync(container.ID, cancellationToken).ConfigureAwait(false);
        var started = await engine.FindContainerAsync(container.ID, cancellationToken).ConfigureAwait(false);
        if (started is not { State.Running: true })
        {
            return Refused(ErrorClass.Transient, $"The machine {spec.HostName} stopped as soon as it was started.");
        }

        // Rules that changed while the machine was not yet to be seen running would pass it by.
        if (group is not null && firewallGroups.Find(spec.FirewallGroupId!) is { } now && now.Version != group.Version)
        {
            await firewall.PutInForceAsync(started.ID, spec.FirewallGroupId!, now, cancellationToken).ConfigureAwait(false);
        }

        return Seen(Observation.Present(started.ID, Outputs(started, spec)));
    }

    protected override async Task<StepOutcome> DeleteCoreAsync(ResourceCall call, MachineSpec spec, CancellationToken cancellationToken)
    {
        var found = await engine.FindContainerAsync(call.ObjectId ?? call.Name, cancellationToken).ConfigureAwait(false);
        if (found is not null && IsThis(found, call))
        {
            await StopAsync(engine, found, cancellationToken).ConfigureAwait(false);
            await engine.RemoveContainerAsync(found.ID, cancellationToken).ConfigureAwait(false);
        }

        return Gone();
    }

    /// <summary>Lets services end their work before the container goes: a data volume is left clean.</summary>
    internal static async Task StopAsync(ContainerEngine engine, ContainerInspectResponse container, CancellationToken cancellationToken)
    {
        if (container.State.Running)
        {
            await engine.ChangeAsync<bool>(
                $"Stopping container {container.Name}",
                (d, t) => d.Containers.StopContainerAsync(container.ID, new ContainerStopParameters { WaitBeforeKillSeconds = 20 }, t),
                cancellationToken).ConfigureAwait(false);
        }
    }

    internal static bool IsNeverStarted(ContainerInspectResponse container) =>
        container.State.Status is "created" or "configured" or "initialized";

    internal static bool IsThis(ContainerInspectResponse container, ResourceCall call) =>
        Labels.IsOwn(container.Config.Labels, call.Marks) && Labels.IncarnationOf(container.Config.Labels) == call.Incarnation;

    private static string Outputs(ContainerInspectResponse container, MachineSpec spec) => ResourceJson.Write(new MachineOutputs(
        container.ID, spec.Address ?? container.NetworkSettings.Networks.Values.Select(n => n.IPAddress).FirstOrDefault() ?? string.Empty));

    private async Task<ContainerInspectResponse> CreateAsync(
        ResourceCall call, MachineSpec spec, MachineSize size, string text, string secret, CancellationToken cancellationToken)
    {
        var network = await engine.FindNetworkAsync(spec.NetworkId, cancellationToken).ConfigureAwait(false)
            ?? throw EngineFaultException.Failed(ErrorClass.DependencyMissing, $"The network of machine {spec.HostName} is gone.");
        var parameters = MachineContainer.Parameters(
            call.Name, spec.HostName, spec.ImageId, Labels.Of(call, ResourceKinds.Machine, text),
            await engine.IsDockerAsync(cancellationToken).ConfigureAwait(false));
        using (var key = EvidenceKey.Of(call.Name, secret))
        {
            parameters.Labels[Labels.EvidenceKey] = EvidenceKey.Label(key);
        }

        if (spec.FirewallGroupId is { } group)
        {
            parameters.Labels[Labels.FirewallGroup] = group;
        }

        parameters.HostConfig.Memory = size.Memory;
        parameters.HostConfig.CPUShares = size.CpuShares;
        parameters.HostConfig.NetworkMode = network.Name;
        foreach (var volume in spec.Volumes)
        {
            // An engine would make a missing volume by itself, without marks and empty.
            if (await engine.FindVolumeAsync(volume.VolumeId, cancellationToken).ConfigureAwait(false) is null)
            {
                throw EngineFaultException.Failed(ErrorClass.DependencyMissing, $"Volume {volume.VolumeId} of machine {spec.HostName} is gone.");
            }

            parameters.HostConfig.Mounts.Add(MachineContainer.Mount(volume.VolumeId, volume.MountPath));
        }

        parameters.NetworkingConfig = new NetworkingConfig
        {
            EndpointsConfig = new Dictionary<string, EndpointSettings>(StringComparer.Ordinal)
            {
                [network.Name] = spec.Address is null
                    ? new()
                    : new() { IPAMConfig = new EndpointIPAMConfig { IPv4Address = spec.Address }, MacAddress = HardwareAddress.Of(spec.Address) },
            },
        };
        return await engine.CreateContainerAsync(parameters, cancellationToken).ConfigureAwait(false);
    }

    // The same token gets the same secret again: a creation that is repeated makes the same machine.
    private Task<string> SecretAsync(ResourceCall call, MachineSpec spec, CancellationToken cancellationToken) =>
        firstBootSecrets.IssueAsync(spec.FirstBoot.Instance, spec.FirstBoot.InstanceUid, call.Token, cancellationToken);

    /// <summary>Gives a machine that does not run its group's rules, which it starts with.</summary>
    private async Task<FirewallGroup?> PutFirewallAsync(MachineSpec spec, string id, CancellationToken cancellationToken)
    {
        if (spec.FirewallGroupId is not { } name)
        {
            return null;
        }

        var group = firewallGroups.Find(name)
            ?? throw EngineFaultException.Failed(ErrorClass.DependencyMissing, $"The firewall group {name} of machine {spec.HostName} is gone.");
        await engine.PutFilesAsync(id, FirewallEnforcement.Files(group), cancellationToken).ConfigureAwait(false);
        return group;
    }

    private async Task PutFirstBootAsync(ResourceCall call, MachineSpec spec, string id, CancellationToken cancellationToken)
    {
        var secret = await SecretAsync(call, spec, cancellationToken).ConfigureAwait(false);
        using var key = EvidenceKey.Of(call.Name, secret);
        await engine.PutFilesAsync(
            id,
            [
                TarFiles.Folder("etc/tarmak", TarFiles.Executable),
                TarFiles.File("etc/tarmak/agent.json", JsonSerializer.SerializeToUtf8Bytes(spec.FirstBoot, FirstBootJson.Default.FirstBoot), TarFiles.Private),
                .. spec.Gateway is null ? Array.Empty<TarEntry>() : [TarFiles.File("etc/tarmak/gateway", spec.Gateway + "\n", TarFiles.Readable)],
                TarFiles.File("etc/tarmak/enrolment-secret", secret, TarFiles.Private),
                TarFiles.File("etc/tarmak/evidence.key", key.ExportPkcs8PrivateKeyPem(), TarFiles.Private),
            ],
            cancellationToken).ConfigureAwait(false);
    }
}
