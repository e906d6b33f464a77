namespace Tarmak.Providers.Capabilities;

/// <summary>A secret as stored. It prints as its version only.</summary>
/// <param name="value">The value.</param>
/// <param name="version">Version, from 1.</param>
public sealed class Secret(ReadOnlyMemory<byte> value, long version)
{
    /// <summary>The value.</summary>
    public ReadOnlyMemory<byte> Value { get; } = value;

    /// <summary>Version, from 1.</summary>
    public long Version { get; } = version;

    /// <inheritdoc/>
    public override string ToString() => $"secret, version {Version}";
}
