using Grpc.Core;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Operators;

/// <summary>The operators' contract: each call is handed to the one who knows its concern.</summary>
internal sealed class TarmakService(
    Applying applying, Planning planning, Deleting deleting, Listing listing, Watching watching, History history,
    Explaining explaining, Credentials credentials, Logs logs, SshAccess ssh, ProviderInquiry providers, ConformanceRun conformance, GatewayOptions options,
    IHostApplicationLifetime lifetime, GatewayInstruments instruments) : V1.Tarmak.TarmakBase
{
    // Preflight asks providers, which may take their time.
    private static readonly TimeSpan CommandDeadline = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ReadDeadline = TimeSpan.FromSeconds(30);

    public override Task<V1.ApplyResponse> Apply(V1.ApplyRequest request, ServerCallContext context) =>
        WithinAsync(CommandDeadline, context, token => applying.ApplyAsync(request, Caller.Of(context.GetHttpContext()), token));

    public override Task<V1.PlanResponse> Plan(V1.PlanRequest request, ServerCallContext context) =>
        WithinAsync(ReadDeadline, context, token => planning.PlanAsync(request, token));

    public override Task<V1.DeleteResponse> Delete(V1.DeleteRequest request, ServerCallContext context) =>
        WithinAsync(CommandDeadline, context, token => deleting.DeleteAsync(request, Caller.Of(context.GetHttpContext()), token));

    public override Task<V1.ListResponse> List(V1.ListRequest request, ServerCallContext context) =>
        WithinAsync(ReadDeadline, context, token => listing.ListAsync(request, token));

    public override Task Watch(V1.ListRequest request, IServerStreamWriter<V1.WatchResponse> responseStream, ServerCallContext context) =>
        StreamAsync(context, token => watching.WatchAsync(request, change => responseStream.WriteAsync(change, token), token));

    public override Task Events(V1.EventsRequest request, IServerStreamWriter<V1.Event> responseStream, ServerCallContext context) =>
        StreamAsync(context, token => history.EventsAsync(request, told => responseStream.WriteAsync(told, token), token));

    public override Task<V1.ExplainResponse> Explain(V1.ExplainRequest request, ServerCallContext context) =>
        WithinAsync(ReadDeadline, context, token => explaining.ExplainAsync(request, token));

    public override Task<V1.CredentialsResponse> Credentials(V1.CredentialsRequest request, ServerCallContext context) =>
        WithinAsync(ReadDeadline, context, token => credentials.IssueAsync(request, Caller.Of(context.GetHttpContext()), token));

    public override Task Logs(V1.LogsRequest request, IServerStreamWriter<V1.LogLine> responseStream, ServerCallContext context) =>
        StreamAsync(context, token => logs.ReadAsync(request, line => responseStream.WriteAsync(line, token), token));

    public override Task<V1.SshAccessResponse> SshAccess(V1.SshAccessRequest request, ServerCallContext context) =>
        WithinAsync(ReadDeadline, context, token => ssh.FindAsync(request, token));

    public override Task<V1.ProviderTypesResponse> ProviderTypes(V1.ProviderTypesRequest request, ServerCallContext context) =>
        WithinAsync(ReadDeadline, context, providers.TypesAsync);

    public override Task<V1.RequirementSheet> Requirements(V1.RequirementsRequest request, ServerCallContext context) =>
        WithinAsync(ReadDeadline, context, token => providers.RequirementsAsync(request.Name, token));

    public override Task<V1.VerifyProviderResponse> VerifyProvider(V1.VerifyProviderRequest request, ServerCallContext context) =>
        WithinAsync(CommandDeadline, context, token => providers.VerifyAsync(request.Name, token));

    public override Task<V1.BindingsResponse> Bindings(V1.BindingsRequest request, ServerCallContext context) =>
        WithinAsync(ReadDeadline, context, token => providers.BindingsAsync(request.Key, token));

    public override Task Conformance(V1.ConformanceRequest request, IServerStreamWriter<V1.ConformanceResponse> responseStream, ServerCallContext context) =>
        StreamAsync(context, token => conformance.RunAsync(request, Caller.Of(context.GetHttpContext()), told => responseStream.WriteAsync(told, token), token));

    public override Task<V1.VersionResponse> Version(V1.VersionRequest request, ServerCallContext context) =>
        Task.FromResult(new V1.VersionResponse { Version = ProgramVersion.Text, Installation = options.Installation });

    /// <summary>A stream has no end of its own; it must not hold up the end of the engine.</summary>
    private async Task StreamAsync(ServerCallContext context, Func<CancellationToken, Task> stream)
    {
        var method = context.Method[(context.Method.LastIndexOf('/') + 1)..];
        using var source = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        instruments.CountStream(method, 1);
        try
        {
            await stream(source.Token);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw Refusal.Unavailable("The engine is stopping; the stream can be taken up again from the last revision.");
        }
        finally
        {
            instruments.CountStream(method, -1);
        }
    }

    private static async Task<T> WithinAsync<T>(TimeSpan deadline, ServerCallContext context, Func<CancellationToken, Task<T>> answer)
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        source.CancelAfter(deadline);
        try
        {
            return await answer(source.Token);
        }
        catch (Exception failure) when (
            (failure is OperationCanceledException or UnfinishedException { InnerException: OperationCanceledException })
            && source.IsCancellationRequested && !context.CancellationToken.IsCancellationRequested)
        {
            var late = new RpcException(new Status(
                StatusCode.DeadlineExceeded,
                $"{context.Method[(context.Method.LastIndexOf('/') + 1)..]} took longer than {deadline.TotalSeconds:0} seconds and was given up; what was accepted before stays accepted."));
            throw failure is UnfinishedException unfinished ? Refusal.With(late, unfinished.Documents) : late;
        }
    }
}
