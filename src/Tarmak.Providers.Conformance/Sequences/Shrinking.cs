namespace Tarmak.Providers.Conformance.Sequences;

/// <summary>Finds what of a failing sequence is needed for it to fail.</summary>
internal static class Shrinking
{
    /// <summary>Leaves out parts, halves first and then single steps, as long as what remains still fails.</summary>
    /// <typeparam name="T">A step.</typeparam>
    /// <param name="failing">A sequence that fails.</param>
    /// <param name="failureOf">Tries a sequence; null where it does not fail.</param>
    /// <param name="message">How the sequence fails.</param>
    /// <param name="tries">How often one is tried at most.</param>
    /// <returns>A smallest sequence found, and how it fails.</returns>
    public static async Task<(IReadOnlyList<T> Smallest, string Message)> RunAsync<T>(
        IReadOnlyList<T> failing, string message, Func<IReadOnlyList<T>, Task<string?>> failureOf, int tries)
    {
        for (var size = failing.Count / 2; size >= 1 && tries > 0;)
        {
            var shrunk = false;
            for (var from = 0; from < failing.Count && tries > 0;)
            {
                var candidate = failing.Where((_, index) => index < from || index >= from + size).ToList();
                if (candidate.Count > 0 && tries-- > 0 && await failureOf(candidate).ConfigureAwait(false) is { } other)
                {
                    (failing, message, shrunk) = (candidate, other, true);
                }
                else
                {
                    from += size;
                }
            }

            size = size > 1 ? size / 2 : shrunk ? 1 : 0;
        }

        return (failing, message);
    }
}
