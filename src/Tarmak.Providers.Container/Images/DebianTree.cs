using System.Text.RegularExpressions;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Container.Engine;

namespace Tarmak.Providers.Container.Images;

/// <summary>A Debian tree made by debootstrap, for machines that no registry answers. Needs root and the program.</summary>
internal sealed partial class DebianTree(string cache, ImageRecipe recipe)
{
    private const string Suite = "bookworm";
    private static readonly TimeSpan RemoveDeadline = TimeSpan.FromMinutes(2);
    private readonly string folder = Path.Combine(cache, "build-" + Guid.NewGuid().ToString("N")[..12]);

    /// <summary>The finished tree as one file.</summary>
    public string ArchivePath => Path.Combine(folder, "tree.tar");

    private string Root => Path.Combine(folder, "root");

    /// <summary>Makes the tree.</summary>
    /// <param name="stage">Told what it is doing.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>A task.</returns>
    public async Task BuildAsync(Action<string> stage, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess || BoundProgram.Find("debootstrap") is not { } debootstrap)
        {
            throw EngineFaultException.Failed(
                ErrorClass.DependencyMissing, "No registry gives a Debian image, and making one needs root and the program debootstrap; install it or make a registry reachable.");
        }

        await RemoveLeftoversAsync(cache, cancellationToken).ConfigureAwait(false);
        Directory.CreateDirectory(folder);
        try
        {
            stage("Debian is being fetched for the machine image.");
            await BoundProgram.RunAsync(debootstrap, ["--variant=minbase", Suite, Root, .. Mirror()], cancellationToken).ConfigureAwait(false);
            stage("Packages are being installed into the machine image.");
            foreach (var (name, content) in recipe.Files.Append(new KeyValuePair<string, byte[]>("install", recipe.Install)))
            {
                var path = Path.Combine(Root, ".tarmak", name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await File.WriteAllBytesAsync(path, content, cancellationToken).ConfigureAwait(false);
            }

            await BoundProgram.RunAsync("chroot", [Root, "/bin/sh", "/.tarmak/install"], cancellationToken).ConfigureAwait(false);
            await BoundProgram.RunAsync("tar", ["--one-file-system", "--numeric-owner", "-C", Root, "-cf", ArchivePath, "."], cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await RemoveAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Removes everything the build made outside the engine.</summary>
    /// <returns>A task.</returns>
    public Task RemoveAsync() => RemoveAsync(folder, CancellationToken.None);

    /// <summary>Removes what builds of earlier processes left.</summary>
    /// <param name="cache">Folder of all builds.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>A task.</returns>
    public static async Task RemoveLeftoversAsync(string cache, CancellationToken cancellationToken)
    {
        foreach (var left in Directory.Exists(cache) ? Directory.GetDirectories(cache, "build-*") : [])
        {
            await RemoveAsync(left, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task RemoveAsync(string folder, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(RemoveDeadline);

        // A build that died may have left its /proc mounted: nothing below a mount point is ours to delete.
        foreach (var mount in File.ReadLines("/proc/self/mounts").Select(l => l.Split(' ')[1]).Where(m => m.StartsWith(folder + "/", StringComparison.Ordinal)).Reverse().ToList())
        {
            await BoundProgram.RunAsync("umount", ["-l", mount], limit.Token).ConfigureAwait(false);
        }

        await BoundProgram.RunAsync("rm", ["-rf", "--one-file-system", "--", folder], limit.Token).ConfigureAwait(false);
    }

    // The machine's own source of packages is the one that is known to answer.
    private static IEnumerable<string> Mirror()
    {
        IEnumerable<string> files = File.Exists("/etc/apt/sources.list") ? ["/etc/apt/sources.list"] : [];
        if (Directory.Exists("/etc/apt/sources.list.d"))
        {
            files = files.Concat(Directory.GetFiles("/etc/apt/sources.list.d").Order(StringComparer.Ordinal));
        }

        return Mirror(files.Select(File.ReadAllText)).Take(1);
    }

    internal static IEnumerable<string> Mirror(IEnumerable<string> sources)
    {
        foreach (var text in sources)
        {
            foreach (Match line in OneLine().Matches(text))
            {
                yield return line.Groups["uri"].Value;
            }

            foreach (var paragraph in text.Split("\n\n"))
            {
                var uri = Uris().Match(paragraph);
                if (uri.Success && Suites().Match(paragraph) is { Success: true } suites && suites.Groups["suites"].Value.Split(' ').Contains(Suite))
                {
                    yield return uri.Groups["uri"].Value;
                }
            }
        }
    }

    [GeneratedRegex(@"^deb (?:\[[^\]]*\] )?(?<uri>\S+) bookworm ", RegexOptions.Multiline)]
    private static partial Regex OneLine();

    [GeneratedRegex(@"^URIs: *(?<uri>\S+)", RegexOptions.Multiline)]
    private static partial Regex Uris();

    [GeneratedRegex(@"^Suites: *(?<suites>.*)$", RegexOptions.Multiline)]
    private static partial Regex Suites();
}
