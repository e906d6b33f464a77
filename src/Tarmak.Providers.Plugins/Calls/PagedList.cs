using System.Text;

namespace Tarmak.Providers.Plugins.Calls;

/// <summary>Reads lists page by page, and no more of them than there may be.</summary>
/// <param name="calls">The plugin.</param>
/// <param name="method">The method, as <c>SecretStore.List</c>.</param>
/// <param name="subject">What is listed, for people.</param>
internal sealed class PagedList(PluginCalls calls, string method, string subject)
{
    /// <summary>All entries.</summary>
    /// <typeparam name="T">An entry.</typeparam>
    /// <param name="page">Asks for the page of a token: entries, and the next token.</param>
    public async Task<List<T>> ReadAsync<T>(Func<string, Task<(IReadOnlyCollection<T> Entries, string Next)>> page)
    {
        List<T> all = [];
        var token = "";
        for (var pages = 0; pages < calls.Limits.Pages; pages++)
        {
            var (entries, next) = await page(token).ConfigureAwait(false);
            if (all.Count + entries.Count > calls.Limits.Listed)
            {
                throw calls.Garbage(method, subject, $"more than {calls.Limits.Listed} entries");
            }

            all.AddRange(entries);
            if (next.Length == 0)
            {
                return all;
            }

            if (next.Length > Untrusted.LongestName || next == token)
            {
                throw calls.Garbage(method, subject, "a page token that leads nowhere");
            }

            token = next;
        }

        throw calls.Garbage(method, subject, $"more than {calls.Limits.Pages} pages");
    }

    /// <summary>All names: each begins with the prefix, and each comes after the one before.</summary>
    public async Task<IReadOnlyList<string>> ReadNamesAsync(string prefix, Func<string, Task<V1.NamesResponse>> page)
    {
        byte[] last = [];
        return await ReadAsync<string>(async token =>
        {
            var answer = await page(token).ConfigureAwait(false);
            if (answer.Refusal is { } refusal)
            {
                throw Refusals.Of(calls, refusal, method, subject);
            }

            foreach (var name in answer.Names)
            {
                var bytes = Encoding.UTF8.GetBytes(name);
                if (!name.StartsWith(prefix, StringComparison.Ordinal) || bytes.AsSpan().SequenceCompareTo(last) <= 0)
                {
                    throw calls.Garbage(method, subject, "names that are out of order, doubled, or do not begin with the prefix");
                }

                last = bytes;
            }

            return (answer.Names, answer.NextPageToken);
        }).ConfigureAwait(false);
    }
}
