using Docker.DotNet.Models;

namespace Tarmak.Providers.Container.Machines;

/// <summary>The options systemd needs of a container; the reasons are in the image's README.</summary>
internal static class MachineContainer
{
    /// <summary>Parameters that machines and edges share.</summary>
    public static CreateContainerParameters Parameters(string name, string hostName, string image, IDictionary<string, string> labels, bool isDocker) => new()
    {
        Name = name,
        Hostname = hostName,
        Image = image,
        Cmd = ["/sbin/init"],
        Labels = labels,
        StopSignal = "37",
        StopTimeout = TimeSpan.FromSeconds(20),
        HostConfig = new HostConfig
        {
            CapAdd = isDocker ? ["NET_ADMIN", "AUDIT_WRITE", "SYS_ADMIN"] : ["NET_ADMIN", "AUDIT_WRITE"],
            Tmpfs = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["/run"] = "rw,nosuid,nodev,mode=755",
                ["/run/lock"] = "rw,nosuid,nodev,noexec",
                ["/tmp"] = "rw,nosuid,nodev,mode=1777",
            },
            // What stopped is started by the engine that also knows its volumes and names; two starters would race.
            RestartPolicy = new RestartPolicy { Name = RestartPolicyKind.No },
            Mounts = [],
        },
    };

    /// <summary>A named volume at a path.</summary>
    public static Mount Mount(string volume, string path) => new() { Type = "volume", Source = volume, Target = path };
}
