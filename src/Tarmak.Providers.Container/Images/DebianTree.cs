using System.Diagnostics;
using System.Text.RegularExpressions;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Container.Engine;

namespace Tarmak.Providers.Container.Images;

/// <summary>A Debian tree made by debootstrap, for machines that no registry answers. Needs root and the program.</summary>
internal sealed partial class DebianTree(string cache, ImageRecipe recipe)
{
    private const string Suite = "bookworm";
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
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess || Find("debootstrap") is not { } debootstrap)
        {
            throw EngineFaultException.Failed(
                ErrorClass.DependencyMissing, "No registry gives a Debian image, and making one needs root and the program debootstrap; install it or make a registry reachable.");
        }

        foreach (var left in Directory.Exists(cache) ? Directory.GetDirectories(cache, "build-*") : [])
        {
            Remove(left);
        }

        Directory.CreateDirectory(folder);
        try
        {
            stage("Debian is being fetched for the machine image.");
            await RunAsync(debootstrap, ["--variant=minbase", Suite, Root, .. Mirror()], cancellationToken).ConfigureAwait(false);
            stage("Packages are being installed into the machine image.");
            foreach (var (name, content) in recipe.Files.Append(new KeyValuePair<string, byte[]>("install", recipe.Install)))
            {
                var path = Path.Combine(Root, ".tarmak", name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await File.WriteAllBytesAsync(path, content, cancellationToken).ConfigureAwait(false);
            }

            await RunAsync("chroot", [Root, "/bin/sh", "/.tarmak/install"], cancellationToken).ConfigureAwait(false);
            await RunAsync("tar", ["--one-file-system", "--numeric-owner", "-C", Root, "-cf", ArchivePath, "."], cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Remove();
            throw;
        }
    }

    /// <summary>Removes everything the build made outside the engine.</summary>
    public void Remove() => Remove(folder);

    private static void Remove(string folder)
    {
        // A build that died may have left its /proc mounted: nothing below a mount point is ours to delete.
        foreach (var mount in File.ReadLines("/proc/self/mounts").Select(l => l.Split(' ')[1]).Where(m => m.StartsWith(folder + "/", StringComparison.Ordinal)).Reverse().ToList())
        {
            using var umount = Process.Start("umount", ["-l", mount]);
            umount.WaitForExit();
            if (umount.ExitCode != 0)
            {
                throw EngineFaultException.Failed(ErrorClass.Transient, $"{mount}, left by an earlier build, could not be unmounted.");
            }
        }

        using var rm = Process.Start("rm", ["-rf", "--one-file-system", "--", folder]);
        rm.WaitForExit();
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

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':').Append("/usr/sbin").Append("/sbin")
        .Where(f => f.Length > 0).Select(f => Path.Combine(f, program)).FirstOrDefault(File.Exists);

    private static async Task RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(Find(program) ?? program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true },
        };
        var last = new Queue<string>();
        void Keep(object sender, DataReceivedEventArgs line)
        {
            lock (last)
            {
                last.Enqueue(line.Data ?? string.Empty);
                while (last.Count > 5)
                {
                    last.Dequeue();
                }
            }
        }

        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        if (process.ExitCode != 0)
        {
            string said;
            lock (last)
            {
                said = string.Join(' ', last).Trim();
            }

            throw EngineFaultException.Failed(ErrorClass.Transient, $"{program} failed while the machine image was built: {said}");
        }
    }

    [GeneratedRegex(@"^deb (?:\[[^\]]*\] )?(?<uri>\S+) bookworm ", RegexOptions.Multiline)]
    private static partial Regex OneLine();

    [GeneratedRegex(@"^URIs: *(?<uri>\S+)", RegexOptions.Multiline)]
    private static partial Regex Uris();

    [GeneratedRegex(@"^Suites: *(?<suites>.*)$", RegexOptions.Multiline)]
    private static partial Regex Suites();
}
