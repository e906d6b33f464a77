using System.Net;
using CsCheck;
using Tarmak.Model.Networking;

namespace Tarmak.Model.Tests.Networking;

public sealed class CidrTests
{
    private static readonly Gen<Cidr> Any = Gen.Select(Gen.UInt, Gen.Int[0, 32], (address, prefix) => new Cidr(address, prefix));

    [Theory]
    [InlineData("10.99.0.0/16", true)]
    [InlineData("0.0.0.0/0", true)]
    [InlineData("255.255.255.255/32", true)]
    [InlineData("10.99.0.1/16", false)]
    [InlineData("10.99.0.0", false)]
    [InlineData("10.99.0/16", false)]
    [InlineData("10.99.0.0.0/16", false)]
    [InlineData("10.99.0.0/33", false)]
    [InlineData("10.99.0.0/016", false)]
    [InlineData("10.099.0.0/16", false)]
    [InlineData("0x0a.0.0.0/8", false)]
    [InlineData(" 10.0.0.0/8", false)]
    [InlineData("::/0", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void TryParse_Text_TakesOnlyCanonicalRanges(string? text, bool good)
    {
        Cidr.TryParse(text, out var cidr).Should().Be(good);

        if (good)
        {
            cidr.ToString().Should().Be(text);
        }
    }

    [Fact]
    public void ToString_Any_ParsesBack() => Any.Sample(c => Cidr.Parse(c.ToString()) == c);

    [Fact]
    public void Overlaps_Any_IsSymmetricAndMeansThatOneContainsTheOther() =>
        Gen.Select(Any, Any).Sample((a, b) => a.Overlaps(b) == b.Overlaps(a) && a.Overlaps(b) == (a.Contains(b) || b.Contains(a)));

    [Fact]
    public void Host_OffsetOutside_Throws()
    {
        var cidr = Cidr.Parse("10.0.0.0/30");

        cidr.Host(3).Should().Be(IPAddress.Parse("10.0.0.3"));
        cidr.Contains(cidr.Host(3)).Should().BeTrue();
        cidr.Contains(IPAddress.Parse("10.0.0.4")).Should().BeFalse();
        cidr.Invoking(c => c.Host(4)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Theory]
    [InlineData("10.99.0.0/16", "10.99.0.0/16", "10.100.0.0/16")]
    [InlineData("10.99.0.0/16", "10.99.0.0/16 10.100.0.0/15", "10.102.0.0/16")]
    [InlineData("10.255.0.0/16", "10.255.0.0/16", "10.0.0.0/16")]
    [InlineData("192.168.0.0/16", "192.168.5.0/24", "10.0.0.0/16")]
    [InlineData("10.0.0.0/16", "10.0.0.0/8 172.16.0.0/12", "192.168.0.0/16")]
    [InlineData("10.0.0.0/16", "10.0.0.0/8 172.16.0.0/12 192.168.1.0/24", null)]
    [InlineData("0.0.0.0/4", "10.0.0.0/8", null)]
    public void Suggest_UsedRanges_FindsTheNextFree(string wanted, string used, string? free)
    {
        var suggestion = new FreeCidr(used.Split(' ').Select(Cidr.Parse)).Suggest(Cidr.Parse(wanted));

        suggestion?.ToString().Should().Be(free);
        (suggestion is null).Should().Be(free is null);
    }

    [Fact]
    public void Suggest_Any_OverlapsNothingUsed() =>
        Gen.Select(Any.Where(c => c.Prefix >= 12), Any.Where(c => c.Prefix >= 9).Array[0, 20])
            .Sample((wanted, used) => new FreeCidr(used).Suggest(wanted) is not { } free || (free.Prefix == wanted.Prefix && !used.Any(free.Overlaps)));
}
