using System.Globalization;
using System.Text.RegularExpressions;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Simulated.Calls;
using Tarmak.Providers.Simulated.Drivers;

namespace Tarmak.Providers.Simulated;

/// <summary>Secrets of the account. What was written is read at once, as at most clouds.</summary>
/// <param name="calls">The way to the cloud.</param>
internal sealed partial class SimulatedSecretStore(StoreCalls calls) : ISecretStore
{
    private const int LargestValue = 64 * 1024;

    /// <inheritdoc/>
    public async Task<Secret?> GetAsync(string name, CancellationToken cancellationToken) =>
        Read(await calls.AskAsync(Of(CloudMethod.ReadRecord, name), cancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public async Task<Secret> CreateIfAbsentAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
        Read(await calls.AskAsync(Of(CloudMethod.CreateRecord, name) with { Content = Checked(name, value) }, cancellationToken).ConfigureAwait(false))!;

    /// <inheritdoc/>
    public async Task<Secret?> CompareAndSetAsync(string name, ReadOnlyMemory<byte> value, long expectedVersion, CancellationToken cancellationToken)
    {
        var reply = await calls.AskAsync(Of(CloudMethod.SetRecord, name) with { Content = Checked(name, value), Version = expectedVersion }, cancellationToken).ConfigureAwait(false);
        return reply.Held ? Read(reply) : null;
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken cancellationToken) => calls.AskAsync(Of(CloudMethod.DeleteRecord, name), cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        var reply = await calls.AskAsync(new CloudRequest(CloudMethod.ListRecords, CloudRequest.Secrets) { Name = prefix }, cancellationToken).ConfigureAwait(false);
        return [.. reply.Records.Select(r => r.Key)];
    }

    private static Secret? Read(CloudReply reply) => reply.Records is [var record] ? new Secret(record.Value, record.Version) : null;

    private static CloudRequest Of(CloudMethod method, string name) => NamePattern().IsMatch(name)
        ? new CloudRequest(method, CloudRequest.Secrets) { Name = name }
        : throw new ProviderException(ErrorClass.InvalidSpec, $"\"{name}\" is no name of a secret; it is a path of a-z, 0-9, dot, dash and underscore.");

    private static byte[] Checked(string name, ReadOnlyMemory<byte> value) => value.Length <= LargestValue
        ? value.ToArray()
        : throw new ProviderException(ErrorClass.InvalidSpec, string.Create(CultureInfo.InvariantCulture, $"The value of secret {name} has {value.Length} bytes; at most {LargestValue} are kept."));

    [GeneratedRegex(@"^[a-z0-9._-]+(?:/[a-z0-9._-]+)*\z")]
    private static partial Regex NamePattern();
}
