namespace Tarmak.Providers;

/// <summary>What a provider is made from.</summary>
/// <param name="Name">The provider's name in manifests.</param>
/// <param name="Type">Its type, for example <c>container</c>.</param>
/// <param name="Installation">Identity of the installation.</param>
/// <param name="HomeDirectory">Folder of the installation, for providers that keep files (<c>TARMAK_HOME</c>).</param>
/// <param name="Options">Settings of the type, from the manifest's spec; never credentials themselves.</param>
public sealed record ProviderSettings(
    string Name, string Type, string Installation, string HomeDirectory, IReadOnlyDictionary<string, string> Options);
