using Tarmak.Providers.Simulated.Calls;

namespace Tarmak.Providers.Simulated.Accounts;

/// <summary>Values under keys, in the keys' order.</summary>
internal sealed class AccountRecords
{
    private readonly SortedSet<string> keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CloudRecord> values = new(StringComparer.Ordinal);

    public CloudRecord? Find(string key) => values.GetValueOrDefault(key);

    public IEnumerable<CloudRecord> Below(string prefix) =>
        (prefix.Length == 0 ? keys : keys.GetViewBetween(prefix, prefix + char.MaxValue)).Select(key => values[key]);

    public void Write(string key, byte[] value, long version)
    {
        keys.Add(key);
        values[key] = new CloudRecord(key, value, version);
    }

    public void Remove(string key)
    {
        keys.Remove(key);
        values.Remove(key);
    }
}
