using Tarmak.Gateway.Tests.Agents.Engine;
using Tarmak.Grains.Identity;

namespace Tarmak.Gateway.Tests.Agents;

public sealed class EvidenceChallengesTests
{
    private readonly Clock _time = new();
    private readonly MemorySecretStore _secrets = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nonce_IsTakenByEveryGateway_UntilItsTimeIsOver()
    {
        byte[] nonce = await new EvidenceChallenges(_secrets, _time).IssueAsync("uid", "key", Token);
        EvidenceChallenges another = new(_secrets, _time);

        (await another.IsOursAsync(nonce, "uid", "key", Token)).Should().BeTrue();
        _time.Advance(EvidenceChallenges.Validity);
        (await another.IsOursAsync(nonce, "uid", "key", Token)).Should().BeTrue();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        (await another.IsOursAsync(nonce, "uid", "key", Token)).Should().BeFalse();
    }

    [Fact]
    public async Task Nonce_OfAnotherInstanceKeyOrInstallation_OrChangedInAnyByte_IsRefused()
    {
        EvidenceChallenges challenges = new(_secrets, _time);
        byte[] nonce = await challenges.IssueAsync("uid", "key", Token);

        (await challenges.IsOursAsync(nonce, "other", "key", Token)).Should().BeFalse();
        (await challenges.IsOursAsync(nonce, "uid", "other", Token)).Should().BeFalse();
        (await new EvidenceChallenges(new MemorySecretStore(), _time).IsOursAsync(nonce, "uid", "key", Token)).Should().BeFalse();
        for (int i = 0; i < nonce.Length; i++)
        {
            byte[] changed = [.. nonce];
            changed[i] ^= 1;
            (await challenges.IsOursAsync(changed, "uid", "key", Token)).Should().BeFalse();
        }

        (await challenges.IsOursAsync([.. nonce, 0], "uid", "key", Token)).Should().BeFalse();
        (await challenges.IssueAsync("uid", "key", Token)).Should().NotEqual(nonce);
    }

    private sealed class Clock : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddYears(50);

        public override DateTimeOffset GetUtcNow() => _now;

        public void Advance(TimeSpan by) => _now += by;
    }
}
