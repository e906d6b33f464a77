namespace Tarmak.Providers.Plugins.Tests;

/// <summary>Gives no first-boot secrets: nothing here starts machines.</summary>
internal sealed class NoMachines : IFirstBootSecrets
{
    public Task<string> IssueAsync(string instance, string instanceUid, string token, CancellationToken cancellationToken) =>
        throw new InvalidOperationException($"{instance} should not have been started.");
}
