using System.Runtime.ExceptionServices;
using Tarmak.Providers;

namespace Tarmak.Grains.Moves;

/// <summary>
/// Does something where things are, and again where they are now if that changed meanwhile: so that nothing is written only
/// where nobody looks any more, and a write at the old place is in the copy or was done there too.
/// </summary>
internal static class Settling
{
    /// <summary>Does it until it was done where things are after it as they were before it.</summary>
    /// <typeparam name="TPlaced">Type of the places.</typeparam>
    /// <typeparam name="TResult">Type of the result.</typeparam>
    /// <param name="find">Reads where things are.</param>
    /// <param name="operation">Does it, given the result of the last time it was done.</param>
    /// <returns>The last result.</returns>
    /// <exception cref="ProviderException">A place that is in force did not answer or refused.</exception>
    public static async Task<TResult> RunAsync<TPlaced, TResult>(Func<Task<TPlaced>> find, Func<TPlaced, TResult?, Task<TResult>> operation)
        where TPlaced : IPlaced<TPlaced>
    {
        TResult? result = default;
        var placed = await find().ConfigureAwait(false);
        while (true)
        {
            ProviderException? refused = null;
            try
            {
                result = await operation(placed, result).ConfigureAwait(false);
            }
            catch (ProviderException failure)
            {
                refused = failure;
            }

            // What failed at a place that was left meanwhile may have failed for that.
            var now = await find().ConfigureAwait(false);
            if (!now.IsAs(placed))
            {
                placed = now;
                continue;
            }

            if (refused is not null)
            {
                ExceptionDispatchInfo.Throw(refused);
            }

            return result!;
        }
    }
}
