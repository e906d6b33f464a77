namespace Tarmak.Grains.Moves;

/// <summary>Named values at one place, as moving them needs them: what is written says over which version.</summary>
internal abstract class CopyPlace
{
    /// <summary>Names of all that moves, in no particular order.</summary>
    /// <exception cref="Tarmak.Providers.ProviderException">The place did not answer or refused.</exception>
    public abstract Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken);

    /// <summary>A value; null where there is none.</summary>
    /// <exception cref="Tarmak.Providers.ProviderException">The place did not answer or refused.</exception>
    public abstract Task<CopiedValue?> ReadAsync(string name, CancellationToken cancellationToken);

    /// <summary>Writes a value over a version; null: where there is none.</summary>
    /// <returns>False where another version is there, and nothing was written.</returns>
    /// <exception cref="Tarmak.Providers.ProviderException">The place did not answer or refused.</exception>
    public abstract Task<bool> WriteAsync(string name, ReadOnlyMemory<byte> content, string? over, CancellationToken cancellationToken);

    /// <summary>Takes a value away; absent is success.</summary>
    /// <exception cref="Tarmak.Providers.ProviderException">The place did not answer or refused.</exception>
    public abstract Task DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>Name of a value that tells whether two places are one; it does not move.</summary>
    /// <param name="uid">Identity of who asks.</param>
    public abstract string ProbeOf(string uid);
}
