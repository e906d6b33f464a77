using System.Globalization;
using Grpc.Core;
using Microsoft.Data.Sqlite;
using Tarmak.Gateway.Tests.Hosting;
using Tarmak.Grains.Storage;
using V1 = Tarmak.Api.V1;
using Action = Tarmak.Api.V1.DocumentResult.Types.Action;

namespace Tarmak.Gateway.Tests.Operators;

public sealed class StorageFaultTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Apply_DiskFull_IsToldInOneSentenceAndPerDocument(bool providers)
    {
        await using var engine = await EngineFixture.StartAsync(new EngineDatabaseOptions { PageLimit = 100 });
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.Provider()), cancellationToken: Token);

        RpcException? refusal = null;
        for (var n = 0; refusal is null; n++)
        {
            n.Should().BeLessThan(200, "the disk is full by then");
            var label = new string('x', 60);
            var labels = string.Join(", ", Enumerable.Range(0, 100).Select(i => string.Create(CultureInfo.InvariantCulture, $"l{i}: {label}")));
            var text = (providers ? Manifests.Provider($"p{n}") : Manifests.Environment($"e{n}"))
                .Replace("metadata: {", $"metadata: {{ annotations: {{ {labels} }},", StringComparison.Ordinal);
            try
            {
                await engine.Client.ApplyAsync(Manifests.Apply(text), cancellationToken: Token);
            }
            catch (RpcException failure)
            {
                refusal = failure;
            }
        }

        refusal.StatusCode.Should().Be(StatusCode.ResourceExhausted, refusal.Status.Detail);
        refusal.Status.Detail.Should().Be($"The disk that holds {engine.Home}/engine.db is full: free some space, nothing of this change was kept.");
        refusal.Details<V1.DocumentOutcomes>().Documents.Should().ContainSingle()
            .Which.Should().Match<V1.DocumentResult>(d => d.Action == Action.Refused && d.Sentence == refusal.Status.Detail);
    }

    [Fact]
    public async Task Apply_ReminderCannotBeSet_IsAcceptedAndSetsItNextTime()
    {
        await using var engine = await EngineFixture.StartAsync();
        Execute(engine, "ALTER TABLE OrleansReminders RENAME TO away");

        var answer = await engine.Client.ApplyAsync(Manifests.Apply(Manifests.Provider() + Manifests.Environment("hinted")), cancellationToken: Token);

        answer.Documents[1].Action.Should().Be(Action.Created);
        Execute(engine, "ALTER TABLE away RENAME TO OrleansReminders");
        await engine.Client.ApplyAsync(
            Manifests.Apply(Manifests.Environment("hinted").Replace("name: hinted", "name: hinted, labels: { a: b }", StringComparison.Ordinal)), cancellationToken: Token);
        Execute(engine, "SELECT count(*) FROM OrleansReminders WHERE GrainId LIKE '%hinted%'").Should().Be(1L);
    }

    private static object? Execute(EngineFixture engine, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(engine.Home, "engine.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
