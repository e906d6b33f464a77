using Tarmak.Grains.Agents;
using Tarmak.Grains.Exports;
using Tarmak.Grains.Tests.Moves;
using Tarmak.Grains.Tests.Storage;
using Tarmak.Machines;
using Tarmak.Machines.State;
using Tarmak.Model.Resources;

namespace Tarmak.Grains.Tests.Exports;

public sealed class EnvironmentExportTests
{
    private static readonly string[] Both = ["a", "b"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Export_First_HoldsEveryPart()
    {
        using var home = await new ExportedHome().FillAsync(Both);

        var index = await home.WriteAsync();

        index!.Parts.Select(p => p.Cluster).Should().Equal(null, "a", "b");
        var record = await home.ReadExportAsync();
        record.Clusters.Should().BeEmpty("no cluster is declared, only their machines are there");
        record.Objects.Should().Be(1);
    }

    [Fact]
    public async Task Export_OneClusterChanged_WritesThatPartAndTheIndexAlone()
    {
        using var home = await new ExportedHome().FillAsync(Both);
        var before = await home.WriteAsync();
        await home.ChangeAsync("b");
        var calls = home.Buckets.Calls;

        var after = await home.WriteAsync("b");

        (home.Buckets.Calls - calls).Should().Be(3, "a part and the index are put, and the part before is deleted");
        after!.Parts.Take(2).Should().Equal(before!.Parts.Take(2));
        after.Parts[2].Key.Should().NotBe(before.Parts[2].Key);
        home.Parts.Should().HaveCount(3);
    }

    [Fact]
    public async Task Export_NothingChanged_WritesNothing()
    {
        using var home = await new ExportedHome().FillAsync(Both);
        var before = await home.WriteAsync();
        home.Restart();

        var after = await home.WriteAsync();

        after.Should().BeEquivalentTo(before);
        home.Buckets[home.Buckets.Keys.Single(k => k.EndsWith("index", StringComparison.Ordinal))]!.ETag.Should().Be("4");
    }

    [Fact]
    public async Task Export_ChangedWhileNoProcessRan_IsFoundByItsRevision()
    {
        using var home = await new ExportedHome().FillAsync(Both);
        var before = await home.WriteAsync();
        await home.ChangeAsync("a");
        home.Restart();

        var after = await home.WriteAsync();

        after!.Parts.Where((part, i) => part != before!.Parts[i]).Select(p => p.Cluster).Should().Equal("a");
    }

    [Fact]
    public async Task Export_DatabasePutBackFromACopy_IsWrittenWholeAnew()
    {
        using var newer = await new ExportedHome().FillAsync(Both);
        await newer.ChangeAsync("a");
        await newer.ChangeAsync("a");
        await newer.WriteAsync();
        using var older = await new ExportedHome(newer.Buckets, newer.Key).FillAsync("a");
        await older.Secrets.CreateIfAbsentAsync("engine/export-writer", (await newer.Secrets.GetAsync("engine/export-writer", Token))!.Value, Token);

        var index = await older.WriteAsync();

        index!.Parts.Select(p => p.Cluster).Should().Equal([null, "a"], "cluster b is not in this database");
    }

    [Fact]
    public async Task Export_OfAnEnvironmentWithoutABucket_IsNowhereYet()
    {
        using var home = new ExportedHome();
        await home.WriteAsync(Sample.State(ExportedHome.Dev) with { Desired = new Desired(1, "{}", "h", false, false) });

        (await home.WriteAsync()).Should().BeNull();
        home.Buckets.Calls.Should().Be(0);
    }

    [Fact]
    public async Task Export_AnotherHomeTookOver_StopsAndSaysSo()
    {
        using var first = await new ExportedHome().FillAsync(Both);
        await first.WriteAsync();
        using var second = await new ExportedHome(first.Buckets, first.Key).FillAsync(Both);

        var asked = () => second.WriteAsync();

        (await asked.Should().ThrowAsync<ExportTakenOverException>()).WithMessage("Environment dev was recovered into another home, which exports it since*");
    }

    [Fact]
    public async Task Export_AnotherHomeTookOverUnderAnotherKey_IsNoticedAllTheSame()
    {
        using var first = await new ExportedHome().FillAsync(Both);
        await first.WriteAsync();
        using var second = await new ExportedHome(first.Buckets, RecoveryKey.Create(ExportedHome.Installation)).FillAsync(Both);
        var before = first.Buckets.Keys.ToList();

        var asked = () => second.WriteAsync();

        await asked.Should().ThrowAsync<ExportTakenOverException>();
        first.Buckets.Keys.Should().Equal(before);
    }

    [Fact]
    public async Task Export_FindsPartsOfAnotherHome_LeavesThemThere()
    {
        using var home = await new ExportedHome().FillAsync(Both);
        await home.WriteAsync();
        var foreign = $"{ExportedHome.Bucket}/exports/{ExportedHome.Installation}/dev/parts/a/another-7";
        home.Buckets[foreign] = home.Buckets[home.Buckets.Keys.First()];
        home.Restart();

        await home.WriteAsync();

        home.Buckets.Keys.Should().Contain(foreign, "that home may be about to name it");
    }

    [Fact]
    public async Task Export_OfAnEnvironmentThatUsesAProviderForSecretsAlone_HoldsItsManifestToo()
    {
        using var home = await new ExportedHome().FillAsync(Both);
        await home.WriteAsync();

        (await home.ReadExportAsync()).ProviderNames.Should().BeEquivalentTo("cloud", "vault");
    }

    [Fact]
    public async Task Export_KeyReplaced_IsWrittenAnewUnderTheNewKey()
    {
        using var home = await new ExportedHome().FillAsync(Both);
        await home.WriteAsync();
        var renewed = home.Services with { Key = RecoveryKey.Create(ExportedHome.Installation) };

        await new EnvironmentExport("dev", renewed).WriteAsync(null, Token);

        var record = await new ExportReader(renewed.Key).ReadAsync("dev", home.Buckets, "cloud", ExportedHome.Bucket, Token);
        record.Objects.Should().Be(1);
        home.Parts.Should().HaveCount(3, "what nobody can open any more is gone");
    }

    [Fact]
    public async Task Export_DeathAtAnyCall_LeavesAWholeExportAndTheNextProcessMakesItTheNewest()
    {
        int calls;
        using (var rehearsal = await new ExportedHome().FillAsync(Both))
        {
            await rehearsal.WriteAsync();
            await rehearsal.ChangeAsync("a");
            var first = rehearsal.Buckets.Calls;
            rehearsal.Restart();
            await rehearsal.WriteAsync();
            calls = rehearsal.Buckets.Calls - first;
        }

        calls.Should().BeGreaterThan(4);
        foreach (var (call, before) in Enumerable.Range(0, calls).SelectMany(c => new[] { (c, true), (c, false) }))
        {
            using var home = await new ExportedHome().FillAsync(Both);
            await home.WriteAsync();
            await home.ChangeAsync("a");
            var dies = home.Buckets.Calls + call;
            home.Buckets.At = (number, isBefore) =>
            {
                if (number == dies && isBefore == before)
                {
                    throw new DeathException();
                }
            };
            home.Restart();
            var died = () => home.WriteAsync();
            await died.Should().ThrowAsync<DeathException>();
            home.Buckets.At = null;

            (await home.ReadExportAsync()).Parts.Should().HaveCount(3, "whoever recovers now reads a whole (death at call {0}, {1})", call, before);
            home.Restart();
            var index = await home.WriteAsync();

            home.Parts.Should().BeEquivalentTo(index!.Parts.Select(p => p.Key.Split("/parts/")[1]), "nothing is left that no index names");
            var states = (await home.ReadExportAsync()).Parts.SelectMany(p => p.Machines).Select(MachineJson.Read);
            states.Should().ContainEquivalentOf((await home.ReadAsync(MachineAddress.OfCluster("dev", "a")))!.State);
        }
    }

    [Fact]
    public async Task Export_WrittenIntoAnEmptyDatabase_IsAllThatWasThereAndEveryObjectIsToBeLookedAt()
    {
        using var home = await new ExportedHome().FillAsync(Both);
        await home.WriteAsync(Sample.FullState());
        await home.WriteAsync(Sample.State(MachineAddress.OfCluster("dev", "demo").Nested(MachineKind.Instance, "etcd/0")));
        await home.Agents.OpenEnrolmentAsync(new OpenEnrolment("dev/demo/etcd/0", "uid-dev/demo/etcd/0", "token", "secret", Sample.Noon.AddHours(1)), Token);
        await home.Agents.UseEnrolmentAsync("uid-dev/demo/etcd/0", "secret", "public", ["host key"], Sample.Noon, Token);
        await home.Agents.RecordRunAsync("public", new ConfigurationRun("bundle", 7, RunResult.Changed, 3, 1.5, "done", [new ResourceChange("Service[etcd]", false, "started")], Sample.Noon), Token);
        await home.WriteAsync();
        var record = await home.ReadExportAsync();
        using var empty = new ExportedHome();

        var isWritten = await empty.Services.Store.WriteAsync("dev", record.Parts, record.ExportedAt, Token);

        isWritten.Should().BeTrue();
        var volume = (await empty.ReadAsync(Sample.FullState().Address))!.State;
        volume.Should().BeEquivalentTo(Sample.FullState() with { Resource = Sample.FullState().Resource! with { CheckDue = true } });
        volume.AtRest.Should().BeFalse("an engine that starts wakes it, and it looks");
        (await empty.Agents.FindAsync("public", Token)).Should().BeEquivalentTo(await home.Agents.FindAsync("public", Token));
        (await empty.Agents.RunsAsync("uid-dev/demo/etcd/0", 5, Token)).Should().BeEquivalentTo(await home.Agents.RunsAsync("uid-dev/demo/etcd/0", 5, Token));
        (await empty.Services.Store.WriteAsync("dev", record.Parts, record.ExportedAt, Token)).Should().BeFalse("it is there already");
    }

    [Fact]
    public async Task Export_OfTheEngineItself_HoldsWhatAgentsKnowItByAndNotWhoWrites()
    {
        using var home = await new ExportedHome().FillAsync(Both);
        await home.Secrets.CreateIfAbsentAsync("engine/authority", "authority"u8.ToArray(), Token);
        await home.Secrets.CreateIfAbsentAsync("engine/enrolment-key", "enrolment"u8.ToArray(), Token);
        await home.WriteAsync();
        using var empty = new ExportedHome();

        var refused = await empty.Services.Secrets.ImportAsync((await home.ReadExportAsync()).EngineSecrets, Token);

        refused.Should().BeNull();
        empty.Secrets.Content.Should().BeEquivalentTo(new Dictionary<string, string> { ["engine/authority"] = "authority", ["engine/enrolment-key"] = "enrolment" });
        home.Buckets.Keys.Select(k => System.Text.Encoding.Latin1.GetString(home.Buckets[k]!.Content.Span)).Should().NotContain(t => t.Contains("authority", StringComparison.Ordinal), "it is sealed");
    }
}
