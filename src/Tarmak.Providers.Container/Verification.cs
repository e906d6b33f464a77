using Tarmak.Providers.Container.Engine;
using Tarmak.Providers.Container.Images;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Container;

/// <summary>Looks whether the sheet's requirements are met on this machine.</summary>
internal sealed class Verification(HostLook host, ContainerOptions options)
{
    public async Task<IReadOnlyList<RequirementFinding>> VerifyAsync(CancellationToken cancellationToken)
    {
        List<RequirementFinding> findings = [];
        try
        {
            var info = await host.AskAsync(cancellationToken).ConfigureAwait(false);
            findings.Add(Met(ContainerSheet.Engine, $"{info.Name} {info.ServerVersion} answers at {host.Endpoint}."));
            findings.Add(host.Rootless(info) is { } rootless ? Unmet(ContainerSheet.Root, rootless) : Met(ContainerSheet.Root, "The engine runs as root."));
            var (path, free) = host.LeastRoom(info);
            findings.Add(host.FullDisk(info) is { } full ? Unmet(ContainerSheet.Disk, full) : Met(ContainerSheet.Disk, $"{free} MiB are free on the disk of {path}."));
        }
        catch (EngineFaultException fault)
        {
            findings.Add(Unmet(ContainerSheet.Engine, fault.Message));
            findings.Add(Unknown(ContainerSheet.Root, "The engine did not answer."));
            findings.Add(Unknown(ContainerSheet.Disk, "The engine did not answer, and knows where it keeps its images."));
        }

        findings.Add(File.Exists(options.AgentPath)
            ? Met(ContainerSheet.Agent, $"It is {options.AgentPath}.")
            : Unmet(ContainerSheet.Agent, $"There is no {options.AgentPath}; build the engine with its agent (./tarmak does)."));
        findings.Add(await DebianAsync(cancellationToken).ConfigureAwait(false));
        return findings;
    }

    private async Task<RequirementFinding> DebianAsync(CancellationToken cancellationToken)
    {
        if (BoundProgram.Find("debootstrap") is { } debootstrap && Environment.IsPrivilegedProcess)
        {
            return Met(ContainerSheet.Debian, $"{debootstrap} makes one where no registry answers.");
        }

        try
        {
            if (options.BaseImage.Length > 0 && await host.HasImageAsync(options.BaseImage, cancellationToken).ConfigureAwait(false))
            {
                return Met(ContainerSheet.Debian, $"The engine has {options.BaseImage}.");
            }
        }
        catch (EngineFaultException fault)
        {
            return Unknown(ContainerSheet.Debian, fault.Message);
        }

        // Whether a registry gives it is known only by pulling it, which is a change.
        return Unknown(
            ContainerSheet.Debian, $"The engine does not have {options.BaseImage}, and debootstrap is not here as root; whether a registry gives it is seen at the first use.");
    }

    private static RequirementFinding Met(Requirement requirement, string sentence) => new(requirement, RequirementState.Met, sentence);

    private static RequirementFinding Unmet(Requirement requirement, string sentence) => new(requirement, RequirementState.Unmet, sentence);

    private static RequirementFinding Unknown(Requirement requirement, string sentence) => new(requirement, RequirementState.Unknown, sentence);
}
