using System.Diagnostics.CodeAnalysis;
using Tarmak.Machines.Steps;

namespace Tarmak.Providers.Conformance.Checks;

/// <summary>What checks expect.</summary>
internal static class Expect
{
    public static void That([DoesNotReturnIf(false)] bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new CheckFailedException(otherwise);
        }
    }

    /// <summary>A refusal of one class.</summary>
    /// <returns>The refusal.</returns>
    public static async Task<ProviderException> RefusalAsync(string what, ErrorClass error, Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (ProviderException refused)
        {
            That(refused.Error == error, $"{what} was refused as {refused.Error} and should be as {error}: {refused.Message}");
            return refused;
        }

        throw new CheckFailedException($"{what} was accepted and should be refused as {error}.");
    }

    public static bool Same(ReadOnlyMemory<byte> one, ReadOnlyMemory<byte> other) => one.Span.SequenceEqual(other.Span);
}
