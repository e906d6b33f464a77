using Tarmak.Cli.Engine;
using Tarmak.Cli.Output;

namespace Tarmak.Cli.Ssh;

/// <summary>Files of host keys, one for each instance that was logged in to: ssh reads them from nowhere else.</summary>
internal static class KnownHosts
{
    private const string Prefix = "known_hosts.";

    /// <summary>Writes the host keys of an instance.</summary>
    /// <param name="home">The engine's home.</param>
    /// <param name="instance">The instance's name as shown.</param>
    /// <param name="lines">The keys, a line each.</param>
    /// <returns>The file's path.</returns>
    public static string Write(EngineHome home, string instance, IEnumerable<string> lines)
    {
        var path = Path.Combine(home.SshDirectory, Prefix + instance.Replace('/', '.'));
        AtomicFile.Write(path, string.Concat(lines.Select(line => line + "\n")));
        return path;
    }

    /// <summary>Removes those of what is deleted.</summary>
    /// <param name="home">The engine's home.</param>
    /// <param name="owner">Name of an environment or a cluster.</param>
    public static void Forget(EngineHome home, string owner)
    {
        // Names have no dots.
        foreach (var file in Directory.Exists(home.SshDirectory) ? Directory.GetFiles(home.SshDirectory, $"{Prefix}{owner.Replace('/', '.')}.*") : [])
        {
            File.Delete(file);
        }
    }
}
