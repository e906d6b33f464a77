using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.S3.Tests;

/// <summary>Calls as a machine makes them.</summary>
internal static class Calls
{
    public static readonly BucketSpec Spec = new("configuration");

    public static S3Provider Open(IReadOnlyDictionary<string, string> options, TimeProvider? time = null) =>
        new(S3Options.Read("archive", options), time ?? TimeProvider.System);

    public static ResourceCall Of(string name, int incarnation = 1, string uid = "uid") => new()
    {
        Marks = new OwnerMarks("i", "dev", null, uid, $"dev#bucket/{name}"),
        Name = $"tarmak-{name}-0123abcd",
        Incarnation = incarnation,
        Token = $"{name}-{incarnation}",
    };

    /// <summary>Deletes a bucket to the end.</summary>
    public static async Task<StepOutcome> DeleteAsync(IResourceDriver<BucketSpec> buckets, ResourceCall call, CancellationToken cancellationToken)
    {
        StepOutcome outcome;
        do
        {
            outcome = await buckets.DeleteAsync(call, Spec, cancellationToken);
        }
        while (outcome is StepOutcome.InProgress);

        return outcome;
    }
}
