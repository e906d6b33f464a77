using System.Text.RegularExpressions;
using Tarmak.Machines;
using Tarmak.Model.Resources;
using Tarmak.Providers.Binding;

namespace Tarmak.Providers.S3.Tests;

public sealed partial class BucketNamesTests
{
    [Theory]
    [InlineData("dev", 1)]
    [InlineData("dev", 2)]
    [InlineData("an-environment-with-a-name-as-long-as-names-may-ever-be-and-longer", 1)]
    [InlineData("an-environment-with-a-name-as-long-as-names-may-ever-be-and-longer", 9)]
    [InlineData("an-environment-with-a-name-as-long-as-names-may-ever-be-and-longer", 1234)]
    public void Of_Call_IsANameOfABucketAndKeepsTheHash(string environment, int incarnation)
    {
        var name = ObjectNames.Of("i", MachineAddress.OfEnvironment(environment).Capability(ResourceKinds.Bucket, "configuration"));

        var bucket = BucketNames.Of(Calls.Of("x", incarnation) with { Name = name });

        bucket.Should().MatchRegex(BucketPattern()).And.Contain(name[^9..]);
        bucket.Length.Should().BeLessThanOrEqualTo(63);
        (bucket == name).Should().Be(incarnation == 1);
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$")]
    private static partial Regex BucketPattern();
}
