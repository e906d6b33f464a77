using System.Globalization;
using Tarmak.Providers.Binding;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.S3;

/// <summary>
/// Names of buckets: 3 to 63 characters of <c>[a-z0-9-]</c>. Each incarnation has one of its own, because a server may keep
/// the name of a deleted bucket taken for a while, and so that a late deletion cannot reach a bucket's successor.
/// </summary>
internal static class BucketNames
{
    // What ObjectNames ends in: a dash and a hash, which keeps a name unique.
    private const int Ending = 9;

    /// <summary>The name of a bucket.</summary>
    public static string Of(ResourceCall call)
    {
        if (call.Incarnation == 1)
        {
            return call.Name;
        }

        var suffix = string.Create(CultureInfo.InvariantCulture, $"-i{call.Incarnation}");
        var over = Math.Max(0, call.Name.Length + suffix.Length - ObjectNames.MaxLength);
        return call.Name.Remove(Math.Max(1, call.Name.Length - Ending - over), over) + suffix;
    }
}
