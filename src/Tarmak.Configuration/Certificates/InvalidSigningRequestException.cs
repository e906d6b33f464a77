namespace Tarmak.Configuration.Certificates;

/// <summary>A signing request that is malformed, does not prove possession of its key, or carries a key too weak.</summary>
public sealed class InvalidSigningRequestException : Exception
{
    /// <summary>Without a reason.</summary>
    public InvalidSigningRequestException()
        : this("The certificate signing request is not acceptable.")
    {
    }

    /// <summary>With a reason.</summary>
    /// <param name="message">What is wrong.</param>
    public InvalidSigningRequestException(string message)
        : base(message)
    {
    }

    /// <summary>With a reason and its cause.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">The cause.</param>
    public InvalidSigningRequestException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
