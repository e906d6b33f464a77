using System.Text;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Conformance.Tests.Reference;

namespace Tarmak.Providers.Conformance.Tests.Wrong;

/// <summary>Secret stores, each wrong in one way that was seen or is easily made.</summary>
internal static class WrongSecretStores
{
    // Long enough that all who began together are past their look before the first of them writes.
    private static readonly TimeSpan Race = TimeSpan.FromMilliseconds(200);

    public static IEnumerable<WrongDriver> All =>
    [
        Of("writes over what is there", "create-twice-keeps-the-first", new Overwrites()),
        Of("returns the given value and not the stored one", "create-twice-keeps-the-first", new Lies()),
        Of("looks, and writes later", "create-at-once-has-one-winner", new LooksThenWrites()),
        Of("treats a value as text", "create-stores-the-value", new Trims()),
        Of("cuts a value at 4 KiB", "create-stores-64-KiB", new Cuts()),
        Of("ignores the expected version", "compare-and-set-over-a-stale-version-changes-nothing", new IgnoresVersion()),
        Of("cannot set over nothing", "compare-and-set-over-nothing-creates", new NeverFromNothing()),
        Of("compares, and sets later", "compare-and-set-at-once-has-one-winner", new ComparesThenSets()),
        Of("keeps the version number", "compare-and-set-writes-a-new-version", new KeepsNumber()),
        Of("deletes the newest version only", "delete-removes-every-version", new DeletesOne()),
        Of("deletes by prefix", "delete-leaves-the-neighbours", new DeletesByPrefix()),
        Of("lists one page", "list-is-whole-and-in-order", new ListsAPage()),
        Of("lists in the order of writing", "list-is-whole-and-in-order", new ListsBackwards()),
        Of("puts the value into its error", "too-large-is-refused", new TellsTheValue()),
        Of("calls a value that is too large a passing fault", "too-large-is-refused", new CallsItTransient()),
        Of("takes any name", "names-outside-the-alphabet-are-refused", new TakesAnyName()),
        new("keeps secrets in its process", "secretStore/a-second-process-sees-it", new MemoryCloud(() => new MemorySecretStore(), () => null, () => null).Open),
    ];

    private static WrongDriver Of(string what, string caught, MemorySecretStore store) => new(what, $"secretStore/{caught}", MemoryCloud.Of(secrets: store).Open);

    private sealed class Overwrites : MemorySecretStore
    {
        public override Task<Secret> CreateIfAbsentAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
        {
            CheckName(name);
            CheckSize(value);
            lock (Gate)
            {
                return Task.FromResult(Write(name, value));
            }
        }
    }

    private sealed class Lies : MemorySecretStore
    {
        public override async Task<Secret> CreateIfAbsentAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
            new(value, (await base.CreateIfAbsentAsync(name, value, cancellationToken)).Version);
    }

    private sealed class LooksThenWrites : MemorySecretStore
    {
        public override async Task<Secret> CreateIfAbsentAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
        {
            CheckSize(value);
            if (await GetAsync(name, cancellationToken) is { } there)
            {
                return there;
            }

            await Task.Delay(Race, cancellationToken);
            lock (Gate)
            {
                return Write(name, value);
            }
        }
    }

    private sealed class Trims : MemorySecretStore
    {
        protected override Secret Write(string name, ReadOnlyMemory<byte> value) =>
            base.Write(name, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(value.Span).Trim()));
    }

    private sealed class Cuts : MemorySecretStore
    {
        protected override Secret Write(string name, ReadOnlyMemory<byte> value) => base.Write(name, value[..Math.Min(4096, value.Length)]);
    }

    private sealed class IgnoresVersion : MemorySecretStore
    {
        public override Task<Secret?> CompareAndSetAsync(string name, ReadOnlyMemory<byte> value, long expectedVersion, CancellationToken cancellationToken)
        {
            lock (Gate)
            {
                return Task.FromResult<Secret?>(Write(name, value));
            }
        }
    }

    private sealed class NeverFromNothing : MemorySecretStore
    {
        public override Task<Secret?> CompareAndSetAsync(string name, ReadOnlyMemory<byte> value, long expectedVersion, CancellationToken cancellationToken) =>
            expectedVersion == 0 ? Task.FromResult<Secret?>(null) : base.CompareAndSetAsync(name, value, expectedVersion, cancellationToken);
    }

    private sealed class ComparesThenSets : MemorySecretStore
    {
        public override async Task<Secret?> CompareAndSetAsync(string name, ReadOnlyMemory<byte> value, long expectedVersion, CancellationToken cancellationToken)
        {
            if (((await GetAsync(name, cancellationToken))?.Version ?? 0) != expectedVersion)
            {
                return null;
            }

            await Task.Delay(Race, cancellationToken);
            lock (Gate)
            {
                return Write(name, value);
            }
        }
    }

    private sealed class KeepsNumber : MemorySecretStore
    {
        protected override Secret Write(string name, ReadOnlyMemory<byte> value)
        {
            Versions[name] = [value.ToArray()];
            return new Secret(value, 1);
        }
    }

    private sealed class DeletesOne : MemorySecretStore
    {
        public override Task DeleteAsync(string name, CancellationToken cancellationToken)
        {
            lock (Gate)
            {
                if (Versions.TryGetValue(name, out var all))
                {
                    all.RemoveAt(all.Count - 1);
                    if (all.Count == 0)
                    {
                        Versions.Remove(name);
                    }
                }
            }

            return Task.CompletedTask;
        }

        // Versions of what was deleted once more come to light again.
        protected override Secret Write(string name, ReadOnlyMemory<byte> value)
        {
            if (Versions.TryGetValue(name, out var all))
            {
                all.Add(value.ToArray());
            }

            return base.Write(name, value);
        }
    }

    private sealed class DeletesByPrefix : MemorySecretStore
    {
        public override Task DeleteAsync(string name, CancellationToken cancellationToken)
        {
            lock (Gate)
            {
                foreach (var hit in Versions.Keys.Where(n => n.StartsWith(name, StringComparison.Ordinal)).ToList())
                {
                    Versions.Remove(hit);
                }
            }

            return Task.CompletedTask;
        }
    }

    private sealed class ListsAPage : MemorySecretStore
    {
        public override async Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken) =>
            [.. (await base.ListAsync(prefix, cancellationToken)).Take(50)];
    }

    private sealed class ListsBackwards : MemorySecretStore
    {
        public override async Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken) =>
            [.. (await base.ListAsync(prefix, cancellationToken)).Reverse()];
    }

    private sealed class TellsTheValue : MemorySecretStore
    {
        protected override void CheckSize(ReadOnlyMemory<byte> value)
        {
            if (value.Length > 64 * 1024)
            {
                throw new ProviderException(ErrorClass.InvalidSpec, $"The value \"{Encoding.UTF8.GetString(value.Span)[..32]}…\" is too large.");
            }
        }
    }

    private sealed class CallsItTransient : MemorySecretStore
    {
        protected override void CheckSize(ReadOnlyMemory<byte> value)
        {
            if (value.Length > 64 * 1024)
            {
                throw new ProviderException(ErrorClass.Transient, "Something went wrong.");
            }
        }
    }

    private sealed class TakesAnyName : MemorySecretStore
    {
        protected override void CheckName(string name)
        {
        }
    }
}
