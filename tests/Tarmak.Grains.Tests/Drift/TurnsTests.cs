using Microsoft.Extensions.Time.Testing;
using Tarmak.Grains.Drift;

namespace Tarmak.Grains.Tests.Drift;

public sealed class TurnsTests
{
    private readonly FakeTimeProvider time = new();

    [Theory]
    [InlineData(20)]
    [InlineData(7)]
    [InlineData(900)]
    public void Everybody_HasOneTurnInAPeriod_HoweverOftenItIsAsked(int seconds)
    {
        var turns = new Turns(TimeSpan.FromMinutes(10), time);
        string[] names = [.. Enumerable.Range(0, 200).Select(n => $"dev/demo/etcd/{n}#bundle/main")];
        var had = names.ToDictionary(n => n, _ => 0, StringComparer.Ordinal);

        for (var passed = 0; passed < 6300; passed += seconds)
        {
            time.Advance(TimeSpan.FromSeconds(seconds));
            var isDue = turns.Next();
            foreach (var name in names.Where(n => isDue(n)))
            {
                had[name]++;
            }
        }

        had.Values.Should().OnlyContain(n => n >= 6300 / Math.Max(600, seconds) && n <= (6300 / Math.Max(600, seconds)) + 1);
    }

    [Fact]
    public void Turns_OfMany_AreSpread()
    {
        var turns = new Turns(TimeSpan.FromMinutes(10), time);
        time.Advance(TimeSpan.FromMinutes(5));

        var isDue = turns.Next();

        Enumerable.Range(0, 1000).Count(n => isDue($"dev/demo/etcd/{n}#bundle/main")).Should().BeInRange(300, 700);
    }
}
