using System.Collections.Immutable;
using System.Text;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Conformance.Checks;

/// <summary>Demands of the objects of <see cref="IObjectStorage"/>; those of its buckets are <see cref="BucketChecks"/>.</summary>
internal static class ObjectStorageChecks
{
    private const int AtOnce = 8;
    private const int MoreThanAPage = 60;

    public static ImmutableArray<ConformanceCheck> All { get; } =
    [
        Check("absent-reads-as-nothing", "Reading an object that is not there gives nothing.", async (bucket, t) =>
            Expect.That(await bucket.GetAsync("a", t).ConfigureAwait(false) is null, "An object that was never written was read.")),

        Check("put-stores-the-content", "What was written is read back unchanged, byte for byte, under the ETag that the write returned.", async (bucket, t) =>
        {
            var large = new byte[300_000];
            new Random(1).NextBytes(large);
            foreach (var content in new[] { [], [0, 1, 0, 255], large })
            {
                var etag = await bucket.PutAsync($"c{content.Length}", content, null, t).ConfigureAwait(false);
                await bucket.HoldsAsync($"c{content.Length}", content, etag, t).ConfigureAwait(false);
            }
        }),

        Check("put-again-reads-as-the-newest", "A second write is a new version with an ETag of its own, and reads give it.", async (bucket, t) =>
        {
            var first = await bucket.PutAsync("a", Bytes("one"), null, t).ConfigureAwait(false);
            var second = await bucket.PutAsync("a", Bytes("two"), null, t).ConfigureAwait(false);
            Expect.That(first != second, $"Two versions have the ETag {first}.");
            await bucket.HoldsAsync("a", Bytes("two"), second, t).ConfigureAwait(false);
        }),

        Check("put-where-absent-holds-its-condition", "A write on the condition that there is no object is refused where there is one.", async (bucket, t) =>
        {
            var first = await bucket.PutAsync("a", Bytes("one"), new PutCondition(null), t).ConfigureAwait(false);
            Expect.That(first is not null, "A write on the condition of absence was refused though nothing was there.");
            var late = await bucket.PutAsync("a", Bytes("two"), new PutCondition(null), t).ConfigureAwait(false);
            Expect.That(late is null, "A write on the condition of absence was accepted over an object.");
            await bucket.HoldsAsync("a", Bytes("one"), first, t).ConfigureAwait(false);
        }),

        Check("put-over-a-stale-etag-changes-nothing", "A write on the condition of an ETag is accepted over that version only.", async (bucket, t) =>
        {
            var first = await bucket.PutAsync("a", Bytes("one"), null, t).ConfigureAwait(false);
            var second = await bucket.PutAsync("a", Bytes("two"), new PutCondition(first), t).ConfigureAwait(false);
            Expect.That(second is not null, "A write over the newest ETag was refused.");
            var late = await bucket.PutAsync("a", Bytes("late"), new PutCondition(first), t).ConfigureAwait(false);
            Expect.That(late is null, "A write over an ETag that is not the newest was accepted.");
            await bucket.HoldsAsync("a", Bytes("two"), second, t).ConfigureAwait(false);
        }),

        Check("put-at-once-has-one-winner", "Of many conditional writes at once, from two processes, exactly one is accepted.", async (bucket, t) =>
        {
            var tags = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(n =>
                Task.Run(() => bucket.Either(n).PutAsync(bucket.Id, "a", Bytes($"content {n}"), new PutCondition(null), t), t))).ConfigureAwait(false);
            Expect.That(tags.Count(tag => tag is not null) == 1, $"{tags.Count(tag => tag is not null)} of {AtOnce} writes on the condition of absence were accepted.");
            await bucket.HoldsAsync("a", Bytes($"content {Array.FindIndex(tags, tag => tag is not null)}"), null, t).ConfigureAwait(false);
        }),

        Check("delete-removes-every-version", "A deleted object is gone with its versions, and deleting it again succeeds.", async (bucket, t) =>
        {
            await bucket.PutAsync("a", Bytes("one"), null, t).ConfigureAwait(false);
            await bucket.PutAsync("a", Bytes("two"), null, t).ConfigureAwait(false);
            await bucket.DeleteAsync("a", t).ConfigureAwait(false);
            await bucket.DeleteAsync("a", t).ConfigureAwait(false);
            Expect.That(await bucket.GetAsync("a", t).ConfigureAwait(false) is null, "A deleted object was read.");
            var again = await bucket.PutAsync("a", Bytes("three"), new PutCondition(null), t).ConfigureAwait(false);
            Expect.That(again is not null, "A key whose object was deleted could not be written on the condition of absence.");
        }),

        Check("delete-leaves-the-neighbours", "Deleting an object leaves those whose keys begin like its key.", async (bucket, t) =>
        {
            foreach (var key in new[] { "a", "a/b", "ab" })
            {
                await bucket.PutAsync(key, Bytes(key), null, t).ConfigureAwait(false);
            }

            await bucket.DeleteAsync("a", t).ConfigureAwait(false);
            await bucket.HoldsAsync("a/b", Bytes("a/b"), null, t).ConfigureAwait(false);
            await bucket.HoldsAsync("ab", Bytes("ab"), null, t).ConfigureAwait(false);
        }),

        Check("list-is-whole-and-in-order", "A list has all keys with the prefix, in order, also over more than a page, and no others.", async (bucket, t) =>
        {
            var keys = Enumerable.Range(0, MoreThanAPage).Select(n => $"list/k{n:D3}").ToList();
            foreach (var key in keys.AsEnumerable().Reverse().Append("listed-not"))
            {
                await bucket.PutAsync(key, Bytes("x"), null, t).ConfigureAwait(false);
            }

            var listed = await bucket.Either(0).ListAsync(bucket.Id, "list/", t).ConfigureAwait(false);
            Expect.That(listed.SequenceEqual(keys, StringComparer.Ordinal), $"{keys.Count} keys were written and {listed.Count} listed, or in another order, or with others.");
        }),

        Check("keys-are-taken-literally", "A key with dots, blanks or percent signs is one object in its bucket and nothing else.", async (bucket, t) =>
        {
            string[] keys = ["../up", "up", "a b", "a+b", "a%2Fb", "a/b", "a/../b", "b", "ä"];
            foreach (var key in keys)
            {
                await bucket.PutAsync(key, Bytes(key), null, t).ConfigureAwait(false);
            }

            foreach (var key in keys)
            {
                await bucket.HoldsAsync(key, Bytes(key), null, t).ConfigureAwait(false);
            }
        }),

        Check("a-second-process-sees-it", "What one process wrote another one reads.", async (bucket, t) =>
        {
            await bucket.PutAsync("a", Bytes("one"), null, t).ConfigureAwait(false);
            var seen = await bucket.Either(1).GetAsync(bucket.Id, "a", t).ConfigureAwait(false);
            Expect.That(seen is not null && Expect.Same(seen.Content, Bytes("one")), "Opened anew, the storage does not have the object.");
        }),

        Check("no-bucket-is-told", "Using a bucket that is not there is refused as NotFound.", async (bucket, t) =>
            await Expect.RefusalAsync(
                "Reading from a bucket that is not there", ErrorClass.NotFound, () => bucket.Either(0).GetAsync(bucket.Id + "-none", "a", t)).ConfigureAwait(false)),
    ];

    private static ConformanceCheck Check(string behaviour, string demand, Func<Bucket, CancellationToken, Task> run) => new(
        $"objectStorage/{behaviour}", demand, static p => p.ObjectStorage is not null, async (scope, t) => await run(await Bucket.MakeAsync(scope, t).ConfigureAwait(false), t).ConfigureAwait(false));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>A bucket that is removed with its objects afterwards.</summary>
    private sealed class Bucket(CheckScope scope, string id)
    {
        private readonly IObjectStorage first = scope.Provider.ObjectStorage!;
        private readonly HashSet<string> keys = new(StringComparer.Ordinal);
        private IObjectStorage? second;

        public string Id => id;

        public static async Task<Bucket> MakeAsync(CheckScope scope, CancellationToken cancellationToken)
        {
            var made = await new Specimen<BucketSpec>(scope, scope.Provider.ObjectStorage!.Buckets, ResourceKinds.Bucket, new BucketSpec("backups"))
                .EnsureAsync(cancellationToken).ConfigureAwait(false);
            return new Bucket(scope, ResourceJson.Read<BucketOutputs>(made.Outputs!).BucketId);
        }

        public IObjectStorage Either(int number) => number % 2 == 0 ? first : second ??= scope.Open().ObjectStorage!;

        public Task<StoredObject?> GetAsync(string key, CancellationToken cancellationToken) => first.GetAsync(id, key, cancellationToken);

        public Task<string?> PutAsync(string key, byte[] content, PutCondition? condition, CancellationToken cancellationToken)
        {
            if (keys.Add(key))
            {
                scope.Afterwards(t => first.DeleteAsync(id, key, t));
            }

            return first.PutAsync(id, key, content, condition, cancellationToken);
        }

        public Task DeleteAsync(string key, CancellationToken cancellationToken) => first.DeleteAsync(id, key, cancellationToken);

        public async Task HoldsAsync(string key, ReadOnlyMemory<byte> content, string? etag, CancellationToken cancellationToken)
        {
            var seen = await first.GetAsync(id, key, cancellationToken).ConfigureAwait(false);
            Expect.That(seen is not null, $"The object \"{key}\" should be there and is not.");
            Expect.That(Expect.Same(seen.Content, content), $"The object \"{key}\" has another content than was written last.");
            Expect.That(etag is null || seen.ETag == etag, $"The object \"{key}\" reads with ETag {seen.ETag} and was written with {etag}.");
        }
    }
}
