using Tarmak.Providers.Simulated.Accounts;

namespace Tarmak.Providers.Simulated.Tests.Accounts;

public sealed class TokenBucketTests
{
    [Fact]
    public void TryTake_AfterARest_GivesTheBurst_AndThenTheRate()
    {
        var bucket = new TokenBucket(new CallLimit(5, 2));

        Enumerable.Range(0, 7).Count(_ => bucket.TryTake(0)).Should().Be(5);
        Enumerable.Range(0, 7).Count(_ => bucket.TryTake(TimeSpan.TicksPerSecond)).Should().Be(2);
        Enumerable.Range(0, 7).Count(_ => bucket.TryTake(TimeSpan.TicksPerHour)).Should().Be(5, "it holds no more than the burst");
    }
}
