using System.Net;
using Tarmak.Providers.Container.Networks;

namespace Tarmak.Providers.Container.Tests.Networks;

public sealed class AddressRangesTests
{
    [Fact]
    public void FreeRange_LikeATakenOne_OverlapsNothing()
    {
        TakenRange[] taken = [new("a", IPNetwork.Parse("10.0.0.0/15"), null), new("b", IPNetwork.Parse("10.3.4.0/24"), null)];

        AddressRanges.FreeLike(IPNetwork.Parse("10.0.0.0/16"), taken).Should().Be(IPNetwork.Parse("10.2.0.0/16"));
    }

    [Fact]
    public void OuterRange_WithFirstTaken_IsTheNext() =>
        AddressRanges.FreeOuter([new("a", IPNetwork.Parse("10.89.0.0/24"), null)]).Should().Be(IPNetwork.Parse("10.89.1.0/24"));

    [Fact]
    public void OuterRange_WithAllTaken_IsNone() =>
        AddressRanges.FreeOuter([new("a", IPNetwork.Parse("10.0.0.0/8"), null)]).Should().BeNull();
}
