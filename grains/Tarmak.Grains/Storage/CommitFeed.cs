using Tarmak.Machines;

namespace Tarmak.Grains.Storage;

/// <summary>Tells watchers that something they watch was committed. What it was, they read from the database.</summary>
internal sealed class CommitFeed
{
    private readonly Lock _lock = new();

    // Agents wait for one machine each, and there may be many of them: they are found by its key.
    private readonly Dictionary<string, HashSet<CommitWatch>> _byKey = new(StringComparer.Ordinal);
    private readonly HashSet<CommitWatch> _others = [];
    private volatile bool _closed;

    /// <summary>Whether nothing will come any more.</summary>
    public bool Closed => _closed;

    /// <summary>Begins to watch; the watch is disposed of to end it.</summary>
    /// <param name="key">Key of the only machine watched; null: several.</param>
    /// <param name="concerns">Whether a machine's change concerns the watch.</param>
    public CommitWatch Watch(string? key, Func<MachineAddress, bool> concerns)
    {
        var watch = new CommitWatch(this, key, concerns);
        lock (_lock)
        {
            if (key is null)
            {
                _others.Add(watch);
            }
            else if (_byKey.TryGetValue(key, out var watches))
            {
                watches.Add(watch);
            }
            else
            {
                _byKey.Add(key, [watch]);
            }
        }

        return watch;
    }

    public void Publish(IReadOnlyList<MachineAddress> changed)
    {
        lock (_lock)
        {
            foreach (var watch in _others.Where(w => changed.Any(w.Concerns)))
            {
                watch.Wake();
            }

            foreach (var watch in changed.SelectMany(c => _byKey.GetValueOrDefault(c.Key, []).Where(w => w.Concerns(c))))
            {
                watch.Wake();
            }
        }
    }

    public void Close()
    {
        _closed = true;
        lock (_lock)
        {
            foreach (var watch in _others.Concat(_byKey.Values.SelectMany(w => w)))
            {
                watch.Wake();
            }
        }
    }

    public void End(CommitWatch watch)
    {
        lock (_lock)
        {
            if (watch.Key is null)
            {
                _others.Remove(watch);
            }
            else if (_byKey.TryGetValue(watch.Key, out var watches) && watches.Remove(watch) && watches.Count == 0)
            {
                _byKey.Remove(watch.Key);
            }
        }
    }
}
