using Google.Protobuf.WellKnownTypes;

namespace Tarmak.Cli.Output;

/// <summary>Ages of what the engine knows.</summary>
internal static class Ages
{
    /// <summary>The age, or a dash where the time is not known.</summary>
    /// <param name="since">The time.</param>
    /// <param name="now">Now.</param>
    public static string Of(Timestamp? since, DateTimeOffset now) => since is null ? "-" : Durations.Short(now - since.ToDateTimeOffset());
}
