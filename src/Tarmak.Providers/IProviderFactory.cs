namespace Tarmak.Providers;

/// <summary>Makes providers of one type. A provider project registers one of these; nothing else in the engine names it.</summary>
public interface IProviderFactory
{
    /// <summary>The type in manifests, for example <c>container</c>.</summary>
    string Type { get; }

    /// <summary>Makes a provider. Does not connect yet.</summary>
    /// <param name="settings">Its settings.</param>
    /// <param name="firstBootSecrets">Where machines' one-time enrolment secrets come from at call time.</param>
    /// <returns>The provider.</returns>
    IProvider Create(ProviderSettings settings, IFirstBootSecrets firstBootSecrets);
}
