using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Tarmak.Gateway.Operators;
using Tarmak.Gateway.Tests.Hosting;
using Tarmak.Grains.Abstractions;
using Tarmak.Model.Manifests;
using V1 = Tarmak.Api.V1;
using Action = Tarmak.Api.V1.DocumentResult.Types.Action;

namespace Tarmak.Gateway.Tests.Operators;

public sealed class DocumentRunTests : IDisposable
{
    private readonly GatewayInstruments instruments = new();

    public void Dispose() => instruments.Dispose();

    [Fact]
    public async Task Run_RefusedMidway_TellsOfEachDocument()
    {
        var act = () => RunAsync(new AcceptResult { Refusal = "It is in the way.", Precondition = true });

        var refusal = (await act.Should().ThrowAsync<RpcException>()).Which;
        refusal.StatusCode.Should().Be(StatusCode.FailedPrecondition);
        refusal.Details<Google.Rpc.PreconditionFailure>().Violations.Should().ContainSingle();
        refusal.Details<V1.DocumentOutcomes>().Documents.Select(d => (d.Key, d.Action, d.Sentence)).Should().Equal(
            ("a", Action.Created, ""), ("b", Action.Refused, "It is in the way."), ("c", Action.NotReached, ""));
    }

    [Fact]
    public async Task Run_NoAnswerMidway_TellsOfEachDocumentBesideTheCause()
    {
        var act = () => RunAsync(null);

        var unfinished = (await act.Should().ThrowAsync<UnfinishedException>()).Which;
        unfinished.InnerException.Should().BeOfType<TimeoutException>();
        unfinished.Documents.Select(d => d.Action).Should().Equal(Action.Created, Action.Unanswered, Action.NotReached);
    }

    [Fact]
    public void With_ManyDocuments_KeepsTheOneThatEndedTheRequest()
    {
        V1.DocumentResult[] documents =
        [
            .. Enumerable.Range(0, 2_000).Select(n => new V1.DocumentResult { Kind = "cluster", Key = $"dev/cluster-{n}", Action = Action.Created }),
            new V1.DocumentResult { Kind = "cluster", Key = "dev/last", Action = Action.Refused, Sentence = "No." },
        ];

        var refusal = Refusal.With(Refusal.InvalidArgument("No."), documents);

        refusal.Trailers.GetValueBytes("grpc-status-details-bin")!.Length.Should().BeLessThan(32_000);
        refusal.Details<V1.DocumentOutcomes>().Documents[^1].Key.Should().Be("dev/last");
    }

    private Task<IReadOnlyList<V1.DocumentResult>> RunAsync(AcceptResult? second)
    {
        var run = new DocumentRun(new AuditLog(NullLogger<AuditLog>.Instance, instruments), instruments);
        return run.RunAsync("apply", "somebody",
        [
            Command("a", new AcceptResult { Action = "created", Generation = 1 }),
            Command("b", second),
            Command("c", new AcceptResult { Action = "created", Generation = 1 }),
        ]);
    }

    private static DocumentCommand Command(string name, AcceptResult? result) => new(
        new ResourceKey(ManifestKind.Environment, null, name), name, () => result is null ? throw new TimeoutException() : Task.FromResult(result));
}
