namespace Tarmak.Providers.S3;

/// <summary>Looking into exceptions.</summary>
internal static class ExceptionExtensions
{
    /// <summary>An exception and what caused it, down to the first cause.</summary>
    public static IEnumerable<Exception> Chain(this Exception exception)
    {
        for (var one = exception; one is not null; one = one.InnerException)
        {
            yield return one;
        }
    }
}
