using System.Globalization;
using System.Text;
using System.Text.Json;
using Tarmak.Model.Resources;
using Tarmak.Providers.Conformance;
using Tarmak.Providers.Simulated.Accounts;
using Tarmak.Providers.Simulated.Calls;
using Tarmak.Providers.Simulated.Profiles;
using Tarmak.Providers.Simulated.Scenarios;
using Tarmak.Providers.Simulated.Time;

namespace Tarmak.Providers.Simulated.Tests.Accounts;

public sealed class ReplayTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("default")]
    [InlineData("no-tags")]
    public async Task Replay_OfAllChangesInTheirOrder_GivesTheSameAccount(string profile)
    {
        using var clock = new VirtualClock();
        var scenario = new Scenario(5, CloudProfiles.Find(profile)! with { Limits = [] }, []);
        var journal = new Kept();
        var cloud = new SimulatedCloud(scenario, clock, journal);
        var provider = new SimulatedProvider(cloud, "i", clock);

        // Much is made, changed and removed by the kit, and something stays.
        await new ConformanceKit(clock) { Run = "replay" }.RunAsync(new ConformanceSubject("simulated", "i", () => new SimulatedProvider(cloud, "i", clock)), ConformanceKit.All, Token);
        await provider.Volumes.EnsureAsync(Tests.Calls.Of("a"), new VolumeSpec(1, "ssd", null), Token);
        await provider.SecretStore.CreateIfAbsentAsync("kept/secret", new byte[] { 1, 2 }, Token);
        await provider.SecretStore.CompareAndSetAsync("kept/secret", new byte[] { 3 }, 1, Token);

        var again = new SimulatedCloud(scenario, clock);
        foreach (var change in journal.Changes)
        {
            again.Replay(JsonSerializer.Deserialize(change, CloudJson.Default.AccountChange)!);
        }

        var shown = cloud.Look(Show);
        again.Look(Show).Should().Be(shown);
        shown.Should().Contain("volume").And.Contain("kept/secret");
    }

    private static string Show(AccountState account)
    {
        var text = new StringBuilder();
        for (long number = 1; number < account.Length; number++)
        {
            text.AppendLine(account[number] is { } one ? string.Create(CultureInfo.InvariantCulture, $"{one.Id} {one.At(long.MaxValue)} {one.Users} {one.GoneAt}") : "-");
        }

        foreach (var kind in new[] { CloudRequest.Secrets, CloudRequest.Companions })
        {
            foreach (var record in account.RecordsOf(kind).Below(""))
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"{kind} {record.Key} {record.Version} {Convert.ToHexString(record.Value.Span)}");
            }
        }

        return text.ToString();
    }

    private sealed class Kept : IAccountJournal
    {
        public List<byte[]> Changes { get; } = [];

        public void Write(AccountChange change) => Changes.Add(JsonSerializer.SerializeToUtf8Bytes(change, CloudJson.Default.AccountChange));

        public Task KeptAsync() => Task.CompletedTask;
    }
}
