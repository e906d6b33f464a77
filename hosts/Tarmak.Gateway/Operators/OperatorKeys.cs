namespace Tarmak.Gateway.Operators;

/// <summary>The public SSH keys of this installation's operators: the <c>*.pub</c> files of <c>HOME/ssh</c>.</summary>
internal sealed class OperatorKeys(GatewayOptions options)
{
    public string[] Read() => Directory.Exists(options.SshDirectory)
        ? [.. Directory.EnumerateFiles(options.SshDirectory, "*.pub").Order(StringComparer.Ordinal)
            .SelectMany(File.ReadLines).Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#').Distinct(StringComparer.Ordinal)]
        : [];
}
