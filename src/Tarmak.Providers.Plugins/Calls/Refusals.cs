using System.Text;
using Tarmak.Machines.Steps;

namespace Tarmak.Providers.Plugins.Calls;

/// <summary>A plugin's refusals, as the contract's.</summary>
internal static class Refusals
{
    // Shorter ones are in many a sentence by chance, and are no secrets either.
    private const int ShortestSecret = 6;

    /// <summary>Reads a refusal.</summary>
    /// <param name="calls">The plugin.</param>
    /// <param name="refusal">What it said.</param>
    /// <param name="method">The method that was called.</param>
    /// <param name="subject">What it was about.</param>
    /// <param name="secret">The secret the call carried, which must not be in the sentence.</param>
    /// <returns>The exception.</returns>
    public static ProviderException Of(PluginCalls calls, V1.Refusal refusal, string method, string subject, ReadOnlySpan<byte> secret = default)
    {
        if (ClassOf(refusal.ErrorClass) is not { } error)
        {
            return calls.Garbage(method, subject, "a refusal of a class that is none");
        }

        var sentence = Untrusted.Sentence(refusal.Message);
        return sentence.Length == 0 ? calls.Garbage(method, subject, "a refusal without a reason")
            : Holds(refusal.Message, secret) ? new ProviderException(error, $"Plugin {calls.Type} refuses {method} of {subject}, in words that are not shown because the secret is among them.")
            : new ProviderException(error, sentence);
    }

    private static bool Holds(string text, ReadOnlySpan<byte> secret) =>
        secret.Length >= ShortestSecret
        && (text.Contains(Encoding.UTF8.GetString(secret), StringComparison.Ordinal)
            || text.Contains(Convert.ToBase64String(secret).TrimEnd('='), StringComparison.Ordinal)
            || text.Contains(Convert.ToHexString(secret), StringComparison.OrdinalIgnoreCase));

    private static ErrorClass? ClassOf(V1.ErrorClass error) => error switch
    {
        V1.ErrorClass.Unauthenticated => ErrorClass.Unauthenticated,
        V1.ErrorClass.Unauthorized => ErrorClass.Unauthorized,
        V1.ErrorClass.QuotaExceeded => ErrorClass.QuotaExceeded,
        V1.ErrorClass.RateLimited => ErrorClass.RateLimited,
        V1.ErrorClass.ResourcesDepleted => ErrorClass.ResourcesDepleted,
        V1.ErrorClass.DependencyMissing => ErrorClass.DependencyMissing,
        V1.ErrorClass.Conflict => ErrorClass.Conflict,
        V1.ErrorClass.NotFound => ErrorClass.NotFound,
        V1.ErrorClass.InvalidSpec => ErrorClass.InvalidSpec,
        V1.ErrorClass.Transient => ErrorClass.Transient,
        V1.ErrorClass.Terminal => ErrorClass.Terminal,
        _ => null,
    };
}
