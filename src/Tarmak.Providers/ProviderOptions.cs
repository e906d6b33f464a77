using Tarmak.Model.Manifests;

namespace Tarmak.Providers;

/// <summary>A provider's settings as names and values.</summary>
public static class ProviderOptions
{
    /// <summary>Address of a container engine.</summary>
    public const string Host = "host";

    /// <summary>Address of a server.</summary>
    public const string Server = "server";

    /// <summary>Region of a server.</summary>
    public const string Region = "region";

    /// <summary>Folder in which a provider keeps what it stores.</summary>
    public const string Directory = "directory";

    /// <summary>File of what a simulated cloud is, and what goes wrong there.</summary>
    public const string Scenario = "scenario";

    /// <summary>Where credentials are, whichever way.</summary>
    public const string Credentials = "credentialsFrom";

    /// <summary>File that holds the credentials.</summary>
    public const string CredentialsFile = "credentialsFrom.file";

    /// <summary>Environment variable that holds the credentials.</summary>
    public const string CredentialsVariable = "credentialsFrom.env";

    /// <summary>Takes the settings out of a manifest's spec.</summary>
    /// <param name="spec">The spec.</param>
    /// <returns>Names as in the manifest, and values; fields left out are not there.</returns>
    public static IReadOnlyDictionary<string, string> Of(ProviderSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        (string Name, string? Value)[] options =
        [
            (Host, spec.Host), (Server, spec.Server), (Region, spec.Region), (Directory, spec.Directory), (Scenario, spec.Scenario),
            (CredentialsFile, spec.CredentialsFrom?.File), (CredentialsVariable, spec.CredentialsFrom?.Env),
        ];
        return options.Where(o => o.Value is not null).ToDictionary(o => o.Name, o => o.Value!, StringComparer.Ordinal);
    }
}
