namespace Tarmak.Providers.Simulated.Accounts;

/// <summary>An object as it was from a time on.</summary>
/// <param name="since">Since when, in ticks.</param>
/// <param name="parameters">Its specification in UTF-8; null: it is not there.</param>
/// <param name="isUnfinished">Whether making or changing it stopped half-way.</param>
/// <param name="isDeleting">Whether it is being removed.</param>
internal sealed class AccountVersion(long since, byte[]? parameters, bool isUnfinished, bool isDeleting)
{
    public long Since { get; } = since;

    public byte[]? Parameters { get; } = parameters;

    public bool IsUnfinished { get; } = isUnfinished;

    public bool IsDeleting { get; } = isDeleting;

    /// <summary>As it was before, while a reader may still see that.</summary>
    public AccountVersion? Before { get; set; }
}
