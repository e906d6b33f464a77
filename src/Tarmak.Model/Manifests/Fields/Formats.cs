using System.Text.RegularExpressions;
using Tarmak.Model.Networking;
using Tarmak.Model.Resources;

namespace Tarmak.Model.Manifests.Fields;

/// <summary>The kinds of text manifests have. Lengths are checked first, so no pattern sees long text.</summary>
internal static partial class Formats
{
    private const string NamePattern = "^[a-z0-9]+$";
    private const string ProviderNamePattern = "^[a-z0-9-]+$";
    private const string DashedPattern = "^[a-z]([a-z0-9-]*[a-z0-9])?$";
    private const string ZonePattern = "^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$";
    private const string DnsPattern = "^[a-z0-9]([a-z0-9-]*[a-z0-9])?([.][a-z0-9]([a-z0-9-]*[a-z0-9])?)*$";
    private const string TypePattern = "^[A-Za-z0-9][A-Za-z0-9._-]*$";
    private const string ImagePattern = "^[A-Za-z0-9][A-Za-z0-9._:/@-]*$";
    private const string VersionPattern = "^v?[0-9]+[.][0-9]+([.][0-9]+)?$";
    private const string LabelKeyPattern = "^([a-z0-9]([a-z0-9.-]*[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$";
    private const string LabelValuePattern = "^([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)?$";
    private const string ServerPattern = "^((https?://)?[A-Za-z0-9.-]+(:[0-9]{1,5})?|[0-9A-Fa-f:.]+|(https?://)?\\[[0-9A-Fa-f:.]+\\](:[0-9]{1,5})?)$";
    private const string RegionPattern = "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$";
    private const string VariablePattern = "^[A-Za-z_][A-Za-z0-9_]*$";

    /// <summary>Names of environments and clusters.</summary>
    public static TextShape Name { get; } = Matching(NamePattern, NameRegex(), "may hold only a-z and 0-9, as demo", 32);

    /// <summary>Names of providers.</summary>
    public static TextShape ProviderName { get; } = Matching(ProviderNamePattern, ProviderNameRegex(), "may hold only a-z, 0-9 and -, as eu-archive", 63);

    /// <summary>Names of pools and volumes, and types of providers.</summary>
    public static TextShape Dashed { get; } = Matching(DashedPattern, DashedRegex(), "may hold only a-z, 0-9 and -, beginning with a letter and not ending with -, as etcd", 32);

    /// <summary>Names of repositories.</summary>
    public static TextShape Repository { get; } = new()
    {
        Pattern = RepositoryNames.WordPattern,
        MostCharacters = RepositoryNames.LongestWord,
        Check = text => RepositoryNames.IsWord(text) ? null : "is not the name of a repository; it may hold a-z, 0-9 and single ., _ and - between them, as web",
    };

    /// <summary>Names of zones at a provider.</summary>
    public static TextShape Zone { get; } = Matching(ZonePattern, ZoneRegex(), "is not a zone's name; write it as eu-west-1a or a", 63);

    /// <summary>DNS names, lower case, without a final dot.</summary>
    public static TextShape DnsZone { get; } = Matching(DnsPattern, DnsRegex(), "is not a DNS zone; write it in lower case without a final dot, as dev.example.test", 253) with
    {
        Check = text => DnsRegex().IsMatch(text) && !text.EndsWith('\n') && text.Split('.').All(label => label.Length <= 63)
            ? null
            : "is not a DNS zone; write it in lower case without a final dot, as dev.example.test",
    };

    /// <summary>Sizes: ours or a provider's type name.</summary>
    public static TextShape Size { get; } = Matching(TypePattern, TypeRegex(), "is not a size; write tiny, small, medium, large or a type name of the provider", 63);

    /// <summary>Names of images.</summary>
    public static TextShape Image { get; } = Matching(ImagePattern, ImageRegex(), "is not an image's name; write it as debian:12 or base", 253);

    /// <summary>Kubernetes versions.</summary>
    public static TextShape Version { get; } = Matching(VersionPattern, VersionRegex(), "is not a version; write it as \"1.25.3\"", 32);

    /// <summary>Keys of labels and annotations.</summary>
    public static TextShape LabelKey { get; } = Matching(LabelKeyPattern, LabelKeyRegex(), "is not a label's key; write it as team or example.com/team", 253);

    /// <summary>Values of labels.</summary>
    public static TextShape LabelValue { get; } = Matching(LabelValuePattern, LabelValueRegex(), "is not a label's value; it may hold letters, digits, ., _ and -, and begins and ends with a letter or digit", 63) with { MayBeEmpty = true };

    /// <summary>Names of environment variables.</summary>
    public static TextShape Variable { get; } = Matching(VariablePattern, VariableRegex(), "is not the name of an environment variable; write it as CLOUD_CREDENTIALS", 128);

    /// <summary>Ranges of addresses.</summary>
    public static TextShape Cidr { get; } = new()
    {
        Pattern = "^[0-9]{1,3}([.][0-9]{1,3}){3}/[0-9]{1,2}$",
        MostCharacters = 18,
        Check = text => Networking.Cidr.TryParse(text, out _, out var problem) ? null : problem,
    };

    /// <summary>Ranges of ports.</summary>
    public static TextShape Ports { get; } = new()
    {
        Pattern = "^[0-9]{1,5}-[0-9]{1,5}$",
        MostCharacters = 11,
        Check = CheckPorts,
    };

    /// <summary>Addresses of a Docker API.</summary>
    public static TextShape DockerHost { get; } = new()
    {
        Pattern = "^(unix|tcp|http|https)://",
        Check = CheckHost,
    };

    /// <summary>Addresses of servers.</summary>
    public static TextShape Server { get; } = Matching(ServerPattern, ServerRegex(), "is not the address of a server; write it as ns1.example.test, 192.0.2.1:53, [2001:db8::1]:53 or https://s3.example.test", 270);

    /// <summary>Names of regions.</summary>
    public static TextShape Region { get; } = Matching(RegionPattern, RegionRegex(), "is not the name of a region; write it in lower case, as eu-west-1", 63);

    /// <summary>Paths and other text for people or programs, on one line.</summary>
    public static TextShape Line { get; } = new()
    {
        MostCharacters = 1024,
        Check = text => text.Any(char.IsControl) ? "has line breaks or control characters; write it on one line" : null,
    };

    /// <summary>A folder of the engine's machine.</summary>
    public static TextShape Folder { get; } = new()
    {
        MostCharacters = 1024,
        Check = text => Line.Check!(text) ?? (text[0] == '/' ? null : "is not an absolute path; the engine runs in another folder than the command line: begin it with /"),
    };

    /// <summary>Values of annotations.</summary>
    public static TextShape Note { get; } = new() { MostCharacters = 65_536, MayBeEmpty = true };

    /// <summary>One of a closed list.</summary>
    public static TextShape OneOf(params IReadOnlyList<string> values) => new() { Values = values };

    // $ also matches before a final line break.
    private static TextShape Matching(string pattern, Regex regex, string wrong, int mostCharacters) =>
        new() { Pattern = pattern, MostCharacters = mostCharacters, Check = text => regex.IsMatch(text) && !text.EndsWith('\n') ? null : wrong };

    private static string? CheckPorts(string text)
    {
        if (!PortRange.TryParse(text, out var range))
        {
            return "is not a range of ports; write it as 21000-21031";
        }

        return range.First < 1024
            ? "holds ports below 1024, which only root may bind; write it as 21000-21031"
            : range.Count < EdgeSpec.FewestPorts ? $"holds {range.Count} ports; an edge needs at least {EdgeSpec.FewestPorts}, as 21000-21031" : null;
    }

    private static string? CheckHost(string text)
    {
        const string Right = "is not the address of a Docker API; write it as unix:///run/podman/podman.sock or tcp://127.0.0.1:2375";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("unix" or "tcp" or "http" or "https"))
        {
            return Right;
        }

        return uri.UserInfo.Length > 0
            ? "holds a user or password; leave them out and name them under credentialsFrom"
            : (uri.Scheme == "unix" ? uri.AbsolutePath.Length > 1 : uri.Host.Length > 0) ? null : Right;
    }

    [GeneratedRegex(NamePattern)]
    private static partial Regex NameRegex();

    [GeneratedRegex(ProviderNamePattern)]
    private static partial Regex ProviderNameRegex();

    [GeneratedRegex(DashedPattern)]
    private static partial Regex DashedRegex();

    [GeneratedRegex(ZonePattern)]
    private static partial Regex ZoneRegex();

    [GeneratedRegex(DnsPattern)]
    private static partial Regex DnsRegex();

    [GeneratedRegex(TypePattern)]
    private static partial Regex TypeRegex();

    [GeneratedRegex(ImagePattern)]
    private static partial Regex ImageRegex();

    [GeneratedRegex(VersionPattern)]
    private static partial Regex VersionRegex();

    [GeneratedRegex(LabelKeyPattern)]
    private static partial Regex LabelKeyRegex();

    [GeneratedRegex(LabelValuePattern)]
    private static partial Regex LabelValueRegex();

    [GeneratedRegex(ServerPattern)]
    private static partial Regex ServerRegex();

    [GeneratedRegex(RegionPattern)]
    private static partial Regex RegionRegex();

    [GeneratedRegex(VariablePattern)]
    private static partial Regex VariableRegex();
}
