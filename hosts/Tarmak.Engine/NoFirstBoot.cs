using Tarmak.Machines.Steps;
using Tarmak.Providers;

namespace Tarmak.Engine;

/// <summary>For providers that are opened to read and keep things, and start no machine.</summary>
internal sealed class NoFirstBoot : IFirstBootSecrets
{
    public Task<string> IssueAsync(string instance, string instanceUid, string token, CancellationToken cancellationToken) =>
        throw new ProviderException(ErrorClass.InvalidSpec, $"This provider starts no machine, so {instance} gets no secret.");
}
