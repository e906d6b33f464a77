using System.Collections.Immutable;
using System.Text;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Conformance.Checks;

/// <summary>Demands of <see cref="ISecretStore"/>.</summary>
internal static class SecretStoreChecks
{
    private const int LargestValue = 64 * 1024;
    private const int AtOnce = 8;
    private const int MoreThanAPage = 60;

    public static ImmutableArray<ConformanceCheck> All { get; } =
    [
        Check("absent-reads-as-nothing", "Reading a secret that is not there gives nothing.", async (store, t) =>
            Expect.That(await store.First.GetAsync(store.Name("a"), t).ConfigureAwait(false) is null, "A secret that was never written was read.")),

        Check("create-stores-the-value", "What was created is read back unchanged, byte for byte, at its version.", async (store, t) =>
        {
            foreach (var value in new[] { [], [0, 1, 0, 255], Bytes("text\n") })
            {
                var name = store.Name($"v{value.Length}");
                var made = await store.First.CreateIfAbsentAsync(name, value, t).ConfigureAwait(false);
                await store.HoldsAsync(name, value, made.Version, t).ConfigureAwait(false);
            }
        }),

        Check("create-stores-64-KiB", "A value of 64 KiB is stored whole.", async (store, t) =>
        {
            var value = new byte[LargestValue];
            new Random(1).NextBytes(value);
            await store.First.CreateIfAbsentAsync(store.Name("a"), value, t).ConfigureAwait(false);
            await store.HoldsAsync(store.Name("a"), value, null, t).ConfigureAwait(false);
        }),

        Check("create-twice-keeps-the-first", "Creating a secret that is there changes nothing and returns what is there.", async (store, t) =>
        {
            var first = await store.First.CreateIfAbsentAsync(store.Name("a"), Bytes("one"), t).ConfigureAwait(false);
            var second = await store.First.CreateIfAbsentAsync(store.Name("a"), Bytes("two"), t).ConfigureAwait(false);
            Expect.That(Expect.Same(second.Value, Bytes("one")), "The second creation did not return the value of the first.");
            Expect.That(second.Version == first.Version, $"The second creation made version {second.Version}; the first one's {first.Version} should stay.");
            await store.HoldsAsync(store.Name("a"), Bytes("one"), first.Version, t).ConfigureAwait(false);
        }),

        Check("create-at-once-has-one-winner", "Of many creations at once, from two processes, all return the same value.", async (store, t) =>
        {
            var made = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(n =>
                Task.Run(() => store.Either(n).CreateIfAbsentAsync(store.Name("a"), Bytes($"value {n}"), t), t))).ConfigureAwait(false);
            Expect.That(made.All(s => Expect.Same(s.Value, made[0].Value)), "Creations at once returned different values: a key would have been made twice.");
            await store.HoldsAsync(store.Name("a"), made[0].Value, null, t).ConfigureAwait(false);
        }),

        Check("compare-and-set-writes-a-new-version", "Setting over the version that was read stores the value at a higher version.", async (store, t) =>
        {
            var first = await store.First.CreateIfAbsentAsync(store.Name("a"), Bytes("one"), t).ConfigureAwait(false);
            var second = await store.First.CompareAndSetAsync(store.Name("a"), Bytes("two"), first.Version, t).ConfigureAwait(false);
            Expect.That(second is not null, "Setting over the newest version was refused.");
            Expect.That(second.Version > first.Version, $"The new version {second.Version} is not above {first.Version}.");
            await store.HoldsAsync(store.Name("a"), Bytes("two"), second.Version, t).ConfigureAwait(false);
        }),

        Check("compare-and-set-over-a-stale-version-changes-nothing", "Setting over a version that is not the newest writes nothing and returns nothing.", async (store, t) =>
        {
            var first = await store.First.CreateIfAbsentAsync(store.Name("a"), Bytes("one"), t).ConfigureAwait(false);
            var second = await store.First.CompareAndSetAsync(store.Name("a"), Bytes("two"), first.Version, t).ConfigureAwait(false);
            foreach (var stale in new[] { 0, first.Version })
            {
                var late = await store.First.CompareAndSetAsync(store.Name("a"), Bytes("late"), stale, t).ConfigureAwait(false);
                Expect.That(late is null, $"Setting over version {stale} was accepted though the newest is {second?.Version}.");
            }

            await store.HoldsAsync(store.Name("a"), Bytes("two"), second?.Version, t).ConfigureAwait(false);
        }),

        Check("compare-and-set-over-nothing-creates", "Setting over version 0 creates a secret that is not there.", async (store, t) =>
        {
            var made = await store.First.CompareAndSetAsync(store.Name("a"), Bytes("one"), 0, t).ConfigureAwait(false);
            Expect.That(made is not null, "Setting over version 0 was refused though there was no secret.");
            await store.HoldsAsync(store.Name("a"), Bytes("one"), made.Version, t).ConfigureAwait(false);
        }),

        Check("compare-and-set-at-once-has-one-winner", "Of many settings over one version at once, from two processes, exactly one is accepted.", async (store, t) =>
        {
            var first = await store.First.CreateIfAbsentAsync(store.Name("a"), Bytes("one"), t).ConfigureAwait(false);
            var set = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(n =>
                Task.Run(() => store.Either(n).CompareAndSetAsync(store.Name("a"), Bytes($"value {n}"), first.Version, t), t))).ConfigureAwait(false);
            var winners = set.OfType<Secret>().ToList();
            Expect.That(winners.Count == 1, $"{winners.Count} of {AtOnce} settings over one version were accepted.");
            await store.HoldsAsync(store.Name("a"), winners[0].Value, winners[0].Version, t).ConfigureAwait(false);
        }),

        Check("delete-removes-every-version", "A deleted secret is gone with its versions, deleting it again succeeds, and its name can be used anew.", async (store, t) =>
        {
            var first = await store.First.CreateIfAbsentAsync(store.Name("a"), Bytes("one"), t).ConfigureAwait(false);
            await store.First.CompareAndSetAsync(store.Name("a"), Bytes("two"), first.Version, t).ConfigureAwait(false);
            await store.First.DeleteAsync(store.Name("a"), t).ConfigureAwait(false);
            await store.First.DeleteAsync(store.Name("a"), t).ConfigureAwait(false);
            Expect.That(await store.First.GetAsync(store.Name("a"), t).ConfigureAwait(false) is null, "A deleted secret was read.");
            await store.First.CreateIfAbsentAsync(store.Name("a"), Bytes("three"), t).ConfigureAwait(false);
            await store.HoldsAsync(store.Name("a"), Bytes("three"), null, t).ConfigureAwait(false);
        }),

        Check("delete-leaves-the-neighbours", "Deleting a secret leaves those whose names begin like its name.", async (store, t) =>
        {
            string[] neighbours = [store.Name("a/b"), store.Name("ab")];
            foreach (var name in neighbours.Prepend(store.Name("a")))
            {
                await store.First.CreateIfAbsentAsync(name, Bytes(name), t).ConfigureAwait(false);
            }

            await store.First.DeleteAsync(store.Name("a"), t).ConfigureAwait(false);
            foreach (var name in neighbours)
            {
                await store.HoldsAsync(name, Bytes(name), null, t).ConfigureAwait(false);
            }
        }),

        Check("list-is-whole-and-in-order", "A list has all names with the prefix, in order, also over more than a page, and no others.", async (store, t) =>
        {
            var names = Enumerable.Range(0, MoreThanAPage).Select(n => store.Name($"list/n{n:D3}")).ToList();
            foreach (var name in names.AsEnumerable().Reverse().Append(store.Name("listed-not")))
            {
                await store.First.CreateIfAbsentAsync(name, Bytes("x"), t).ConfigureAwait(false);
            }

            var listed = await store.First.ListAsync(store.Prefix + "list/", t).ConfigureAwait(false);
            Expect.That(listed.SequenceEqual(names, StringComparer.Ordinal), $"{names.Count} names were written and {listed.Count} listed, or in another order, or with others.");
        }),

        Check("a-second-process-sees-it", "What one process wrote another one reads.", async (store, t) =>
        {
            await store.First.CreateIfAbsentAsync(store.Name("a"), Bytes("one"), t).ConfigureAwait(false);
            var seen = await store.Either(1).GetAsync(store.Name("a"), t).ConfigureAwait(false);
            Expect.That(seen is not null && Expect.Same(seen.Value, Bytes("one")), "Opened anew, the store does not have the secret.");
        }),

        Check("too-large-is-refused", "A value over 64 KiB is refused as InvalidSpec, writes nothing, and is not part of the refusal.", async (store, t) =>
        {
            var value = Bytes(string.Concat(Enumerable.Repeat("planted!", (LargestValue / 8) + 1)));
            var refused = await Expect.RefusalAsync(
                "A value over 64 KiB", ErrorClass.InvalidSpec, () => store.First.CreateIfAbsentAsync(store.Name("a"), value, t)).ConfigureAwait(false);
            Expect.That(!refused.ToString().Contains("planted!", StringComparison.Ordinal), "The refusal holds the secret value.");
            Expect.That(await store.First.GetAsync(store.Name("a"), t).ConfigureAwait(false) is null, "A value that was refused was written.");
        }),

        Check("names-outside-the-alphabet-are-refused", "A name that is no path of a-z, 0-9, dot, dash, underscore and slash is refused as InvalidSpec.", async (store, t) =>
        {
            foreach (var name in new[] { "", "A", "a//b", "a b", "/a", "a/", "ä", "a\n" })
            {
                await Expect.RefusalAsync(
                    $"The name \"{name}\"", ErrorClass.InvalidSpec, () => store.First.CreateIfAbsentAsync(name, Bytes("x"), t)).ConfigureAwait(false);
            }
        }),
    ];

    private static ConformanceCheck Check(string behaviour, string demand, Func<Stores, CancellationToken, Task> run) => new(
        $"secretStore/{behaviour}", demand, static p => p.SecretStore is not null, (scope, t) => run(new Stores(scope), t));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Two openings of the store, and names that are removed afterwards.</summary>
    private sealed class Stores(CheckScope scope)
    {
        private readonly HashSet<string> names = new(StringComparer.Ordinal);
        private ISecretStore? second;

        public ISecretStore First { get; } = scope.Provider.SecretStore!;

        public ISecretStore Either(int number) => number % 2 == 0 ? First : second ??= scope.Open().SecretStore!;

        public string Prefix { get; } = scope.Name + "/";

        public string Name(string rest)
        {
            if (names.Add(rest))
            {
                scope.Afterwards(t => First.DeleteAsync(Prefix + rest, t));
            }

            return Prefix + rest;
        }

        public async Task HoldsAsync(string name, ReadOnlyMemory<byte> value, long? version, CancellationToken cancellationToken)
        {
            var seen = await First.GetAsync(name, cancellationToken).ConfigureAwait(false);
            Expect.That(seen is not null, $"{name} should be there and is not.");
            Expect.That(Expect.Same(seen.Value, value), $"{name} holds another value than was written last: {seen.Value.Length} bytes instead of {value.Length}, or others.");
            Expect.That(version is null || seen.Version == version, $"{name} reads as version {seen.Version} and was written as {version}.");
        }
    }
}
