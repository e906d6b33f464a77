using System.Formats.Tar;
using System.Globalization;
using System.Text.Json;
using Docker.DotNet.Models;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Container.Engine;
using Tarmak.Providers.Container.Machines;
using Tarmak.Providers.Container.Volumes;

namespace Tarmak.Providers.Container.Edges;

/// <summary>
/// The environment's edge: one container on the outer network that publishes DNS, relay and balancer ports on loopback.
/// Its state is in a volume of its own, whose label records the ports: a new container serves the same on the same ports.
/// </summary>
internal sealed class EdgeDriver(ContainerEngine engine) : ContainerDriver<EdgeSpec>
{
    /// <summary>Port inside on which engines reach the relay.</summary>
    private const int EngineRelayPort = 7443;

    /// <summary>Port on which agents reach the relay on the edge's inner addresses.</summary>
    private const int AgentRelayPort = 7444;

    private const string Loopback = "127.0.0.1";

    private const string StateEnding = "-state";

    /// <summary>What this driver declares; the sheet repeats it.</summary>
    public static readonly ResourceTraits Declared = new()
    {
        Kind = ResourceKinds.Edge,
        EnsureResolution = UnknownResolution.UniqueName,
        Compare = (made, wanted) => made == wanted ? ChangeEffect.None : ChangeEffect.Replace,
    };

    /// <inheritdoc/>
    public override ResourceTraits Traits => Declared;

    /// <summary>Name of an edge's volume.</summary>
    public static string VolumeName(string edgeName) => edgeName + StateEnding;

    /// <summary>Name of the edge whose volume this is.</summary>
    public static string EdgeName(string volumeName) => volumeName[..^StateEnding.Length];

    protected override async Task<StepOutcome> ObserveCoreAsync(ResourceCall call, EdgeSpec spec, CancellationToken cancellationToken)
    {
        var found = await engine.FindContainerAsync(call.Name, cancellationToken).ConfigureAwait(false);
        if (found is not null && MachineDriver.IsThis(found, call) && Ports(found.Config.Labels) is { } ports)
        {
            return found.State.Running
                ? Seen(Observation.Present(found.ID, Outputs(found.ID, ports)))
                : Seen(Observation.Drifted(found.ID, Outputs(found.ID, ports), $"The edge is {found.State.Status}."));
        }

        // Its state is the edge's too: were it not seen, nobody would ever remove it, nor its hold on the ports.
        var volume = await engine.FindVolumeAsync(VolumeName(call.Name), cancellationToken).ConfigureAwait(false);
        return volume is not null && IsOwnOrEarlier(volume, call) && Ports(volume.Labels) is { } kept
            ? Seen(Observation.Drifted(call.Name, Outputs(call.ObjectId ?? call.Name, kept), "The edge has no container; its state is kept."))
            : Gone();
    }

    protected override async Task<StepOutcome> EnsureCoreAsync(ResourceCall call, EdgeSpec spec, CancellationToken cancellationToken)
    {
        if (spec.Ports is not null && PortBlock.Parse(spec.Ports) is null)
        {
            return Refused(ErrorClass.InvalidSpec, $"The edge's ports {spec.Ports} are no block of at least four, such as 21000-21015.");
        }

        var text = ResourceJson.Write(spec);
        var container = await engine.FindContainerAsync(call.Name, cancellationToken).ConfigureAwait(false);
        if (container is not null && !Labels.IsOwn(container.Config.Labels, call.Marks))
        {
            return Refused(ErrorClass.Conflict, Labels.Foreign("container", call.Name));
        }

        Labels.RefuseLate(Labels.IncarnationOf(container?.Config.Labels), call, "edge");
        if (container is not null && (!MachineDriver.IsThis(container, call) || Labels.Value(container.Config.Labels, Labels.Spec) != Labels.Hash(text)))
        {
            await engine.RemoveContainerAsync(container.ID, cancellationToken).ConfigureAwait(false);
            container = null;
        }

        if (container is null)
        {
            var ports = await EnsureVolumeAsync(call, spec, cancellationToken).ConfigureAwait(false);
            container = await CreateAsync(call, spec, text, ports, cancellationToken).ConfigureAwait(false);
        }

        if (!container.State.Running)
        {
            if (MachineDriver.IsNeverStarted(container))
            {
                await engine.PutFilesAsync(container.ID, Files(spec), cancellationToken).ConfigureAwait(false);
            }

            await StartAsync(call, spec, container, cancellationToken).ConfigureAwait(false);
            await AwaitServersAsync(container.ID, cancellationToken).ConfigureAwait(false);
        }

        return Seen(Observation.Present(container.ID, Outputs(container.ID, Ports(container.Config.Labels)!)));
    }

    protected override async Task<StepOutcome> DeleteCoreAsync(ResourceCall call, EdgeSpec spec, CancellationToken cancellationToken)
    {
        var found = await engine.FindContainerAsync(call.ObjectId ?? call.Name, cancellationToken).ConfigureAwait(false);
        if (found is not null && MachineDriver.IsThis(found, call))
        {
            await MachineDriver.StopAsync(engine, found, cancellationToken).ConfigureAwait(false);
            await engine.RemoveContainerAsync(found.ID, cancellationToken).ConfigureAwait(false);
        }

        // A later incarnation's container would be using the volume: then it is not this one's to remove.
        var volume = await engine.FindVolumeAsync(VolumeName(call.Name), cancellationToken).ConfigureAwait(false);
        var later = await engine.FindContainerAsync(call.Name, cancellationToken).ConfigureAwait(false);
        if (volume is not null && later is null && IsOwnOrEarlier(volume, call))
        {
            await VolumeDriver.RemoveAsync(engine, volume.Name, cancellationToken).ConfigureAwait(false);
        }

        return Gone();
    }

    /// <summary>The ports recorded on a container or a volume.</summary>
    internal static PortBlock? Ports(IDictionary<string, string>? labels) => PortBlock.Parse(Labels.Value(labels, Labels.Ports));

    /// <summary>The ports recorded by all edges of this engine, running or not, of whatever installation.</summary>
    internal static async Task<IReadOnlyList<(PortBlock Ports, IDictionary<string, string> Labels)>> RecordedAsync(
        ContainerEngine engine, CancellationToken cancellationToken)
    {
        var volumes = await engine.ReadAsync("Listing volumes", (d, t) => d.Volumes.ListAsync(t), cancellationToken).ConfigureAwait(false);
        return [.. (volumes.Volumes ?? []).Where(v => Ports(v.Labels) is not null).Select(v => (Ports(v.Labels)!, v.Labels))];
    }

    // A later incarnation takes over the volume of an earlier one, with the label it has.
    private static bool IsOwnOrEarlier(VolumeResponse volume, ResourceCall call) =>
        Labels.IsOwn(volume.Labels, call.Marks) && Labels.IncarnationOf(volume.Labels) <= call.Incarnation;

    private static string Outputs(string id, PortBlock ports) => ResourceJson.Write(new EdgeOutputs(
        id, At(ports.Relay), At(ports.Dns), Loopback, new PortBlock(ports.FirstBalancer, ports.Last).ToString(), AgentRelayPort));

    private static string At(int port) => string.Create(CultureInfo.InvariantCulture, $"{Loopback}:{port}");

    private static IEnumerable<TarEntry> Files(EdgeSpec spec)
    {
        var relay = new RelaySettings($"0.0.0.0:{EngineRelayPort}", $"0.0.0.0:{AgentRelayPort}", spec.AuthorityCertificate);
        return
        [
            TarFiles.Folder("etc/tarmak", TarFiles.Executable),
            TarFiles.Folder("etc/tarmak/edge", TarFiles.Executable),
            TarFiles.File("etc/tarmak/relay.json", JsonSerializer.SerializeToUtf8Bytes(relay, RelaySettingsJson.Default.RelaySettings), TarFiles.Private),
            TarFiles.File("etc/tarmak/edge/haproxy.cfg", EdgeFiles.Read("haproxy.cfg"), TarFiles.Readable),
            TarFiles.File("etc/tarmak/edge/pdns.conf", EdgeFiles.Read("pdns.conf"), TarFiles.Readable),
            TarFiles.File("etc/tarmak/edge/authority.pem", spec.AuthorityCertificate, TarFiles.Readable),
            TarFiles.File("etc/tarmak/edge/registry.yml", EdgeFiles.Read("registry.yml"), TarFiles.Readable),
            TarFiles.File("usr/local/lib/tarmak/edge-addresses", EdgeFiles.Read("edge-addresses"), TarFiles.Executable),
            TarFiles.File("usr/local/lib/tarmak/edge-registry", EdgeFiles.Read("edge-registry"), TarFiles.Executable),
            TarFiles.File("usr/local/sbin/init", EdgeFiles.Read("init"), TarFiles.Executable),
            TarFiles.Folder("usr/local/lib/tarmak", TarFiles.Executable),
            TarFiles.File("usr/local/lib/tarmak/edge-init", EdgeFiles.Read("edge-init"), TarFiles.Executable),
            TarFiles.File("usr/local/lib/tarmak/edge-firewall", EdgeFiles.Read("edge-firewall"), TarFiles.Executable),
            .. Unit("tarmak-edge-firewall.service", "sysinit.target"),
            .. Unit("tarmak-edge-balancer.service"),
            .. Unit("tarmak-edge-dns.service"),
            .. Unit("tarmak-edge-registry.service"),
            .. Unit("tarmak-edge-addresses.service"),
            // An edge is no instance: its agent program runs as the relay only.
            TarFiles.Folder("etc/systemd/system/tarmak-agent.service.d", TarFiles.Executable),
            TarFiles.File("etc/systemd/system/tarmak-agent.service.d/edge.conf", "[Unit]\nConditionPathExists=/etc/tarmak/agent.json\n", TarFiles.Readable),
        ];
    }

    private static IEnumerable<TarEntry> Unit(string name, string target = "multi-user.target") =>
    [
        TarFiles.File($"etc/systemd/system/{name}", EdgeFiles.Read(name), TarFiles.Readable),
        TarFiles.Folder($"etc/systemd/system/{target}.wants", TarFiles.Executable),
        TarFiles.Link($"etc/systemd/system/{target}.wants/{name}", $"../{name}"),
    ];

    private async Task<PortBlock> EnsureVolumeAsync(ResourceCall call, EdgeSpec spec, CancellationToken cancellationToken)
    {
        var name = VolumeName(call.Name);
        var ports = PortBlock.Parse(spec.Ports);
        if (await engine.FindVolumeAsync(name, cancellationToken).ConfigureAwait(false) is { } found)
        {
            if (!Labels.IsOwn(found.Labels, call.Marks))
            {
                throw EngineFaultException.Failed(ErrorClass.Conflict, Labels.Foreign("volume", name));
            }

            Labels.RefuseLate(Labels.IncarnationOf(found.Labels), call, "edge's state");
            var recorded = Ports(found.Labels)
                ?? throw EngineFaultException.Failed(ErrorClass.Terminal, $"Volume {name} does not say which ports its edge has; remove it.");
            if (ports is null || ports == recorded)
            {
                return recorded;
            }

            // A record is written once. What the edge served named its ports and is told to the new one by its owners.
            await VolumeDriver.RemoveAsync(engine, name, cancellationToken).ConfigureAwait(false);
        }

        if (ports is null)
        {
            var recorded = await RecordedAsync(engine, cancellationToken).ConfigureAwait(false);
            ports = PortBlock.FindFree([.. recorded.Select(r => r.Ports)], PortBlock.FirstTaken)
                ?? throw EngineFaultException.Failed(ErrorClass.ResourcesDepleted, "No block of 16 loopback ports is free from 21000 on.");
        }

        var labels = Labels.Of(call, ResourceKinds.Edge);
        labels[Labels.Ports] = ports.ToString();
        await engine.ChangeAsync(
            $"Creating volume {name}",
            (d, t) => d.Volumes.CreateAsync(new VolumesCreateParameters { Name = name, Labels = labels }, t),
            cancellationToken).ConfigureAwait(false);
        return ports;
    }

    private async Task<ContainerInspectResponse> CreateAsync(
        ResourceCall call, EdgeSpec spec, string text, PortBlock ports, CancellationToken cancellationToken)
    {
        var network = await engine.FindNetworkAsync(spec.OuterNetworkId, cancellationToken).ConfigureAwait(false)
            ?? throw EngineFaultException.Failed(ErrorClass.DependencyMissing, "The edge's outer network is gone.");
        var labels = Labels.Of(call, ResourceKinds.Edge, text);
        labels[Labels.Ports] = ports.ToString();
        var parameters = MachineContainer.Parameters(
            call.Name, "edge", spec.ImageId, labels, await engine.IsDockerAsync(cancellationToken).ConfigureAwait(false));
        // Podman takes this one for systemd too, by its name.
        parameters.Cmd = ["/usr/local/sbin/init"];
        parameters.HostConfig.NetworkMode = network.Name;
        parameters.HostConfig.Sysctls = new Dictionary<string, string>(StringComparer.Ordinal) { ["net.ipv4.ip_forward"] = "1" };
        parameters.HostConfig.Mounts.Add(MachineContainer.Mount(VolumeName(call.Name), "/var/lib/tarmak-edge"));
        parameters.ExposedPorts = new Dictionary<string, EmptyStruct>(StringComparer.Ordinal);
        parameters.HostConfig.PortBindings = new Dictionary<string, IList<PortBinding>>(StringComparer.Ordinal);
        Publish("53/udp", ports.Dns);
        Publish("53/tcp", ports.Dns);
        Publish($"{EngineRelayPort}/tcp", ports.Relay);
        foreach (var port in ports.Balancers)
        {
            Publish(string.Create(CultureInfo.InvariantCulture, $"{port}/tcp"), port);
        }

        return await engine.CreateContainerAsync(parameters, cancellationToken).ConfigureAwait(false);

        void Publish(string inside, int outside)
        {
            parameters.ExposedPorts[inside] = default;
            parameters.HostConfig.PortBindings[inside] =
                [new PortBinding { HostIP = Loopback, HostPort = outside.ToString(CultureInfo.InvariantCulture) }];
        }
    }

    private async Task StartAsync(ResourceCall call, EdgeSpec spec, ContainerInspectResponse container, CancellationToken cancellationToken)
    {
        try
        {
            await engine.StartContainerAsync(container.ID, cancellationToken).ConfigureAwait(false);
        }
        catch (EngineFaultException fault) when (
            fault.Message.Contains("address already in use", StringComparison.OrdinalIgnoreCase)
            || fault.Message.Contains("port is already allocated", StringComparison.OrdinalIgnoreCase))
        {
            var ports = Ports(container.Config.Labels)!;
            if (spec.Ports is null && MachineDriver.IsNeverStarted(container))
            {
                // Another was faster, and nobody knows these ports yet: let go of them, the next try finds others.
                await engine.RemoveContainerAsync(container.ID, cancellationToken).ConfigureAwait(false);
                await VolumeDriver.RemoveAsync(engine, VolumeName(call.Name), cancellationToken).ConfigureAwait(false);
                throw EngineFaultException.Failed(ErrorClass.Transient, $"A port of {ports} was taken meanwhile; another block is tried.");
            }

            throw EngineFaultException.Failed(
                ErrorClass.Conflict, $"A port of {ports} on {Loopback}, which the edge needs, is taken; end the program that listens there.");
        }
    }

    private async Task AwaitServersAsync(string id, CancellationToken cancellationToken)
    {
        const string Wait =
            "for try in $(seq 150); do systemctl -q is-active tarmak-edge-dns tarmak-edge-balancer 2>/dev/null && exit 0; sleep 0.1; done; "
            + "systemctl status --no-pager tarmak-edge-dns tarmak-edge-balancer; exit 1";
        var result = await engine.ExecAsync(id, ["/bin/sh", "-c", Wait], cancellationToken).ConfigureAwait(false);
        if (result.ExitCode != 0)
        {
            throw EngineFaultException.Failed(
                ErrorClass.Transient, $"The edge's servers did not come up: {(result.Output + result.Errors).ReplaceLineEndings(" ").Trim()}");
        }
    }
}
