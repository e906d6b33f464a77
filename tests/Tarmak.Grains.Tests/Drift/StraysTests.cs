using Tarmak.Grains.Drift;
using Tarmak.Providers;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Tests.Drift;

public sealed class StraysTests
{
    private static readonly OwnedObject Volume = new(new OwnerMarks("ours", "dev", null, "uid", "dev#volume/data"), "volume", "v-1", Running: true);
    private readonly Strays strays = new();

    [Fact]
    public void Stray_SeenTwiceInARow_IsToldOnce()
    {
        // Two providers on one account both list it.
        strays.Take([Volume, Volume]).Should().BeEmpty();
        strays.Take([Volume, Volume]).Should().Equal(Volume);
        strays.Take([Volume, Volume]).Should().BeEmpty();
    }

    [Fact]
    public void Stray_GoneInBetween_BeginsAnew()
    {
        strays.Take([Volume]);
        strays.Take([]);

        strays.Take([Volume]).Should().BeEmpty();
        strays.Take([Volume]).Should().Equal(Volume);
    }
}
