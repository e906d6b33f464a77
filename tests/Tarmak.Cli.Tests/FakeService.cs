using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;

namespace Tarmak.Cli.Tests;

internal sealed class FakeService : global::Tarmak.Api.V1.Tarmak.TarmakBase
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConcurrentQueue<IMessage> Requests { get; } = new();

    public ConcurrentQueue<IReadOnlyList<WatchResponse>> Watches { get; } = new();

    public ConcurrentQueue<IReadOnlyList<Event>> Histories { get; } = new();

    public Func<ApplyRequest, ApplyResponse> OnApply { get; set; } = _ => new ApplyResponse();

    public Func<PlanRequest, PlanResponse> OnPlan { get; set; } = _ => new PlanResponse();

    public Func<RecoverRequest, RecoverResponse> OnRecover { get; set; } = _ => new RecoverResponse();

    public Func<DeleteRequest, DeleteResponse> OnDelete { get; set; } = _ => new DeleteResponse();

    public Func<ListRequest, ListResponse> OnList { get; set; } = _ => new ListResponse();

    public Func<CredentialsRequest, CredentialsResponse> OnCredentials { get; set; } = _ => new CredentialsResponse();

    public Func<ExplainRequest, ExplainResponse> OnExplain { get; set; } = _ => new ExplainResponse();

    public Func<SshAccessRequest, SshAccessResponse> OnSshAccess { get; set; } = _ => new SshAccessResponse();

    public Func<ProviderTypesRequest, ProviderTypesResponse> OnProviderTypes { get; set; } = _ => new ProviderTypesResponse();

    public Func<RequirementsRequest, RequirementSheet> OnRequirements { get; set; } = _ => new RequirementSheet();

    public Func<VerifyProviderRequest, VerifyProviderResponse> OnVerifyProvider { get; set; } = _ => new VerifyProviderResponse();

    public Func<BindingsRequest, BindingsResponse> OnBindings { get; set; } = _ => new BindingsResponse();

    public override Task<ProviderTypesResponse> ProviderTypes(ProviderTypesRequest request, ServerCallContext context) => Answer(request, OnProviderTypes);

    public override Task<RequirementSheet> Requirements(RequirementsRequest request, ServerCallContext context) => Answer(request, OnRequirements);

    public override Task<VerifyProviderResponse> VerifyProvider(VerifyProviderRequest request, ServerCallContext context) => Answer(request, OnVerifyProvider);

    public override Task<BindingsResponse> Bindings(BindingsRequest request, ServerCallContext context) => Answer(request, OnBindings);

    public IReadOnlyList<ConformanceResponse> Checked { get; set; } = [];

    public override Task Conformance(ConformanceRequest request, IServerStreamWriter<ConformanceResponse> responseStream, ServerCallContext context) =>
        StreamAsync(request, Checked, responseStream);

    public IReadOnlyList<LogLine> Lines { get; set; } = [];

    public IReadOnlyList<Event> Happened { get; set; } = [];

    public override Task<ExplainResponse> Explain(ExplainRequest request, ServerCallContext context) => Answer(request, OnExplain);

    public override Task<SshAccessResponse> SshAccess(SshAccessRequest request, ServerCallContext context) => Answer(request, OnSshAccess);

    public override Task Logs(LogsRequest request, IServerStreamWriter<LogLine> responseStream, ServerCallContext context) => StreamAsync(request, Lines, responseStream);

    private async Task StreamAsync<T>(IMessage request, IReadOnlyList<T> items, IServerStreamWriter<T> stream)
    {
        Requests.Enqueue(request);
        foreach (var item in items)
        {
            await stream.WriteAsync(item);
        }
    }

    public void End() => _ended.TrySetResult();

    public override Task<ApplyResponse> Apply(ApplyRequest request, ServerCallContext context) => Answer(request, OnApply);

    public override Task<PlanResponse> Plan(PlanRequest request, ServerCallContext context) => Answer(request, OnPlan);

    public override Task<DeleteResponse> Delete(DeleteRequest request, ServerCallContext context) => Answer(request, OnDelete);

    public override Task<ListResponse> List(ListRequest request, ServerCallContext context) => Answer(request, OnList);

    public override Task<CredentialsResponse> Credentials(CredentialsRequest request, ServerCallContext context) => Answer(request, OnCredentials);

    public override Task<VersionResponse> Version(VersionRequest request, ServerCallContext context) =>
        Answer(request, _ => new VersionResponse { Version = "0.1.0", Installation = "abc" });

    public override async Task Watch(ListRequest request, IServerStreamWriter<WatchResponse> responseStream, ServerCallContext context)
    {
        Requests.Enqueue(request);
        if (Watches.TryDequeue(out var answers))
        {
            foreach (var answer in answers)
            {
                await responseStream.WriteAsync(answer, context.CancellationToken);
            }

            if (!Watches.IsEmpty)
            {
                throw new RpcException(new Status(StatusCode.Unavailable, "going down"));
            }
        }

        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = context.CancellationToken.Register(() => left.TrySetResult());
        await Task.WhenAny(_ended.Task, left.Task);
    }

    public override async Task Events(EventsRequest request, IServerStreamWriter<Event> responseStream, ServerCallContext context)
    {
        if (!Histories.TryDequeue(out var events))
        {
            await StreamAsync(request, Happened, responseStream);
            return;
        }

        await StreamAsync(request, events, responseStream);

        if (Histories.IsEmpty)
        {
            throw new RpcException(new Status(StatusCode.NotFound, "That was all."));
        }

        throw new RpcException(new Status(StatusCode.Unavailable, "going down"));
    }

    private Task<TResponse> Answer<TRequest, TResponse>(TRequest request, Func<TRequest, TResponse> answer)
        where TRequest : IMessage
    {
        Requests.Enqueue(request);
        return Task.FromResult(answer(request));
    }
}
