using System.Text.RegularExpressions;
using Amazon.Runtime;
using Tarmak.Machines.Steps;

namespace Tarmak.Providers.S3;

/// <summary>
/// The key that signs requests, in the form of AWS's shared credentials files. It is read at each call, so that one that was
/// changed is taken up at the next.
/// </summary>
/// <param name="options">Where it is.</param>
internal sealed partial class AccessKey(S3Options options) : AWSCredentials
{
    private const string DefaultProfile = "default";
    private const string Form = "write it as AWS's tools do: a line [default], a line aws_access_key_id = …, and a line aws_secret_access_key = …";

    /// <summary>Where it is, for people.</summary>
    public string Shown => options.CredentialsFile is { } file ? $"file {file}" : $"environment variable {options.CredentialsVariable}";

    /// <inheritdoc/>
    /// <exception cref="ProviderException">It cannot be read, or is none. The message holds nothing of it.</exception>
    public override ImmutableCredentials GetCredentials()
    {
        if (options.CredentialsFile is { } file)
        {
            try
            {
                return Parse(File.ReadAllText(file), $"The file {file}");
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                throw new ProviderException(ErrorClass.Unauthenticated, $"The access key of S3 server {options.Shown} cannot be read: {unreadable.Message}", unreadable);
            }
        }

        return options.CredentialsVariable is not { } variable
            ? throw new ProviderException(ErrorClass.Unauthenticated, $"No access key of S3 server {options.Shown} is named; write spec.credentialsFrom with file or env.")
            : Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? Parse(text, $"The environment variable {variable}")
            : throw new ProviderException(ErrorClass.Unauthenticated, $"The environment variable {variable} with the access key of S3 server {options.Shown} is not set.");
    }

    /// <summary>Reads a key out of the profile <c>default</c>, or out of the only one there is.</summary>
    /// <exception cref="ProviderException">There is none.</exception>
    internal static ImmutableCredentials Parse(string text, string where)
    {
        var profiles = Profiles(text);
        var profile = profiles.TryGetValue(DefaultProfile, out var named) ? named : profiles.Count == 1 ? profiles.Values.Single() : null;
        if (profile is null)
        {
            throw new ProviderException(
                ErrorClass.Unauthenticated, profiles.Count == 0 ? $"{where} holds no access key; {Form}." : $"{where} holds several profiles and none is called default; rename the one that is meant, or keep it alone in a file.");
        }

        return profile.TryGetValue("aws_access_key_id", out var id) && profile.TryGetValue("aws_secret_access_key", out var secret)
            ? new ImmutableCredentials(id, secret, profile.GetValueOrDefault("aws_session_token"))
            : throw new ProviderException(ErrorClass.Unauthenticated, $"{where} holds no whole access key; {Form}.");
    }

    private static Dictionary<string, Dictionary<string, string>> Profiles(string text)
    {
        Dictionary<string, Dictionary<string, string>> profiles = new(StringComparer.Ordinal);
        var profile = DefaultProfile;
        foreach (var line in text.Split('\n').Select(l => l.Trim()))
        {
            if (SectionPattern().Match(line) is { Success: true } section)
            {
                profile = section.Groups[1].Value;
            }
            else if (SettingPattern().Match(line) is { Success: true } setting)
            {
                profiles.TryAdd(profile, new(StringComparer.Ordinal));
                profiles[profile][setting.Groups[1].Value] = setting.Groups[2].Value;
            }
        }

        return profiles;
    }

    [GeneratedRegex(@"^\[\s*(?:profile\s+)?(\S+)\s*\]$")]
    private static partial Regex SectionPattern();

    [GeneratedRegex(@"^(aws_access_key_id|aws_secret_access_key|aws_session_token)\s*=\s*(\S+)$")]
    private static partial Regex SettingPattern();
}
