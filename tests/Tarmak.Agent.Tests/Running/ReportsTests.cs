using Google.Protobuf;
using Grpc.Core;
using Tarmak.Agent.Configuration;
using Tarmak.Agent.Running;
using Tarmak.Api.Agent.V1;

namespace Tarmak.Agent.Tests.Running;

public sealed class ReportsTests : IDisposable
{
    private const int EngineTakes = 1024 * 1024;

    private readonly StringWriter _journal = new();
    private readonly Reports _reports;

    public ReportsTests() => _reports = new Reports(new AgentLog(_journal));

    public void Dispose() => _journal.Dispose();

    [Theory]
    [InlineData(StatusCode.InvalidArgument)]
    [InlineData(StatusCode.ResourceExhausted)]
    public async Task Send_OfAReportRefusedForGood_DropsItAndSendsTheRest(StatusCode status)
    {
        Add(1);
        Add(2);
        List<long> sent = [];

        ReportResponse? answer = await _reports.SendAsync(report => report.Run == 1
            ? Task.FromException<ReportResponse>(new RpcException(new Status(status, "too much")))
            : Answer(sent, report));

        sent.Should().Equal(2);
        answer!.NextRunSeconds.Should().Be(60);
        _reports.Count.Should().Be(0);
        _journal.ToString().Should().Contain("dropped").And.Contain("too much");
    }

    [Fact]
    public async Task Send_WhileTheEngineIsAway_KeepsWhatWaits()
    {
        Add(1);
        Add(2);

        Func<Task> send = () => _reports.SendAsync(_ => Task.FromException<ReportResponse>(new RpcException(new Status(StatusCode.Unavailable, "away"))));

        await send.Should().ThrowAsync<RpcException>();
        _reports.Count.Should().Be(2);
    }

    [Fact]
    public async Task Add_BeyondWhatMayWait_KeepsTheNewest()
    {
        for (int run = 1; run <= 25; run++)
        {
            Add(run);
        }

        List<long> sent = [];
        await _reports.SendAsync(report => Answer(sent, report));

        sent.Should().Equal(Enumerable.Range(6, 20).Select(run => (long)run));
    }

    [Fact]
    public async Task Add_OfARunThatSaysTooMuch_StaysWithinWhatTheEngineTakes()
    {
        PuppetResource[] resources =
        [
            .. Enumerable.Range(0, 600).Select(n => new PuppetResource { Type = "File", Title = $"/{n}", Status = "changed", Message = new string('\u20ac', 100_000) }),
            new PuppetResource { Type = "Service", Title = "etcd", Status = "failed", Message = "did not start" },
        ];
        _reports.Add("hash", 1, new PuppetOutcome(RunResult.Failed, resources, 601, new string('\u20ac', 1_000_000)), TimeSpan.Zero);

        await _reports.SendAsync(report =>
        {
            report.CalculateSize().Should().BeInRange(EngineTakes / 2, EngineTakes);
            report.Resources[0].Resource.Should().Be("Service[etcd]");
            return Task.FromResult(new ReportResponse());
        });
    }

    [Fact]
    public async Task Add_OfATextThatIsCut_CutsBetweenCharacters()
    {
        _reports.Add("hash", 1, PuppetOutcome.Failure("x" + string.Concat(Enumerable.Repeat("\U0001F600", 1000))), TimeSpan.Zero);

        await _reports.SendAsync(report =>
        {
            report.Message.Should().HaveLength(1999).And.EndWith("\U0001F600");
            return Task.FromResult(new ReportResponse());
        });
    }

    private void Add(long run) => _reports.Add("hash", run, PuppetOutcome.Failure("no"), TimeSpan.Zero);

    private static Task<ReportResponse> Answer(List<long> sent, ReportRequest report)
    {
        sent.Add(report.Run);
        return Task.FromResult(new ReportResponse { NextRunSeconds = 60 });
    }
}
