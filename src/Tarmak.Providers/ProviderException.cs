using Tarmak.Machines.Steps;

namespace Tarmak.Providers;

/// <summary>A provider's refusal or fault, classified at the provider's edge.</summary>
public sealed class ProviderException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="error">The class.</param>
    /// <param name="message">One sentence for the owner: what was tried on what, what is wrong, how to mend it.</param>
    /// <param name="innerException">The cause.</param>
    public ProviderException(ErrorClass error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>The class, which decides about retries.</summary>
    public ErrorClass Error { get; }
}
