using Tarmak.Providers.Simulated.Accounts;

namespace Tarmak.Simulator;

/// <summary>The journal of an account that is replayed before there is one; nothing is written to it by then.</summary>
internal sealed class LateJournal : IAccountJournal
{
    /// <summary>The journal.</summary>
    public IAccountJournal? Journal { get; set; }

    public void Write(AccountChange change) => Journal!.Write(change);

    public Task KeptAsync() => Journal!.KeptAsync();
}
