namespace Tarmak.Providers.Simulated.Accounts;

/// <summary>Where an account's changes are kept so that they outlive its process.</summary>
internal interface IAccountJournal
{
    /// <summary>Takes a change, in the order of changes. Does not wait for it to be kept.</summary>
    void Write(AccountChange change);

    /// <summary>Waits until every change taken so far is kept.</summary>
    Task KeptAsync();
}
