using System.Text.Json;
using System.Text.RegularExpressions;

namespace Tarmak.Providers.Plugins.Installation;

/// <summary>The folder of plugins in an installation's home: one folder for each type.</summary>
internal static partial class PluginFolder
{
    private const int LongestFile = 1 << 20;

    /// <summary>The folders of plugins there are, in order.</summary>
    public static IReadOnlyList<string> Find(string homeDirectory)
    {
        var plugins = Path.Combine(homeDirectory, "plugins");
        return Directory.Exists(plugins)
            ? [.. Directory.GetDirectories(plugins).Where(f => File.Exists(Path.Combine(f, PluginFile.Name))).Order(StringComparer.Ordinal)]
            : [];
    }

    /// <summary>Reads a plugin's folder. Nothing is started.</summary>
    /// <exception cref="PluginFileException">It cannot be used.</exception>
    public static InstalledPlugin Read(string folder)
    {
        var type = Path.GetFileName(folder);
        var where = Path.Combine(folder, PluginFile.Name);
        if (!TypePattern().IsMatch(type))
        {
            throw new PluginFileException($"{folder}: the name of the folder is the plugin's type in manifests, and may hold only a-z, 0-9 and -, beginning with a letter, at most 32; rename it.");
        }

        var file = Parse(where);
        var isLocal = !file.Command.IsDefaultOrEmpty;
        if (isLocal == file.Address is not null)
        {
            throw new PluginFileException($"{where}: give it either a command or an address.");
        }

        if (isLocal && file.Command.Any(c => string.IsNullOrEmpty(c) || c.Contains('\0', StringComparison.Ordinal)))
        {
            throw new PluginFileException($"{where}: command has an empty part.");
        }

        if (file.Address is { } address)
        {
            if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps || uri.PathAndQuery != "/")
            {
                throw new PluginFileException($"{where}: address is not https://HOST:PORT; a plugin elsewhere is reached over TLS only.");
            }

            if (file.Authority is null || file.Certificate is null || file.Key is null)
            {
                throw new PluginFileException($"{where}: a plugin at an address needs authority, certificate and key, so that both sides know each other.");
            }
        }

        var (sheet, kinds) = new SheetReader(type, where).Read(file.Sheet ?? throw new PluginFileException($"{where}: sheet is missing."));
        return new InstalledPlugin { Type = type, Folder = folder, File = file, Sheet = sheet, Kinds = kinds };
    }

    private static PluginFile Parse(string where)
    {
        try
        {
            if (new FileInfo(where).Length > LongestFile)
            {
                throw new PluginFileException($"{where}: it is larger than 1 MiB.");
            }

            return JsonSerializer.Deserialize(File.ReadAllBytes(where), PluginJson.Default.PluginFile) ?? throw new PluginFileException($"{where}: it is empty.");
        }
        catch (JsonException malformed)
        {
            throw new PluginFileException($"{where}: {malformed.Message}", malformed);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new PluginFileException($"{where} cannot be read: {unreadable.Message}", unreadable);
        }
    }

    [GeneratedRegex(@"^[a-z](?:[a-z0-9-]{0,30}[a-z0-9])?\z")]
    private static partial Regex TypePattern();
}
