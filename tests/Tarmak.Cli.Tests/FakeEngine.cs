using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tarmak.Cli.Engine;

namespace Tarmak.Cli.Tests;

/// <summary>An engine that answers what a test tells it to, over a real Unix socket in a home of its own.</summary>
internal sealed class FakeEngine : IEngineProcess, IAsyncDisposable
{
    private readonly FakeService _service = new();
    private WebApplication? _app;

    public FakeEngine() => Home = new EngineHome(Directory.CreateTempSubdirectory("tarmak-").FullName);

    public EngineHome Home { get; }

    public ConcurrentQueue<IMessage> Requests => _service.Requests;

    public int Stops { get; private set; }

    public Func<ApplyRequest, ApplyResponse> OnApply { set => _service.OnApply = value; }

    public Func<PlanRequest, PlanResponse> OnPlan { set => _service.OnPlan = value; }

    public Func<RecoverRequest, RecoverResponse> OnRecover { set => _service.OnRecover = value; }

    public Func<DeleteRequest, DeleteResponse> OnDelete { set => _service.OnDelete = value; }

    public Func<ListRequest, ListResponse> OnList { set => _service.OnList = value; }

    public Func<CredentialsRequest, CredentialsResponse> OnCredentials { set => _service.OnCredentials = value; }

    public Func<ExplainRequest, ExplainResponse> OnExplain { set => _service.OnExplain = value; }

    public Func<SshAccessRequest, SshAccessResponse> OnSshAccess { set => _service.OnSshAccess = value; }

    public Func<ProviderTypesRequest, ProviderTypesResponse> OnProviderTypes { set => _service.OnProviderTypes = value; }

    public Func<RequirementsRequest, RequirementSheet> OnRequirements { set => _service.OnRequirements = value; }

    public Func<VerifyProviderRequest, VerifyProviderResponse> OnVerifyProvider { set => _service.OnVerifyProvider = value; }

    public Func<BindingsRequest, BindingsResponse> OnBindings { set => _service.OnBindings = value; }

    public IReadOnlyList<ConformanceResponse> Checked { set => _service.Checked = value; }

    public IReadOnlyList<LogLine> Lines { set => _service.Lines = value; }

    public IReadOnlyList<Event> Happened { set => _service.Happened = value; }

    /// <summary>Each watch takes the next of these: what it tells; then it breaks off, but the last stays open.</summary>
    public ConcurrentQueue<IReadOnlyList<WatchResponse>> Watches => _service.Watches;

    /// <summary>Each event stream takes the next of these; it breaks off after it, and after the last one it is refused.</summary>
    public ConcurrentQueue<IReadOnlyList<Event>> Histories => _service.Histories;

    public static RpcException ConsentRefusal(string name, string reason)
    {
        var failure = new PreconditionFailure { Violations = { new PreconditionFailure.Types.Violation { Type = "CONSENT", Subject = name, Description = reason } } };
        return Refusal(StatusCode.FailedPrecondition, "Consent is missing.", failure);
    }

    public static RpcException Refusal(StatusCode code, string message, params IMessage[] details)
    {
        var status = new Google.Rpc.Status { Code = (int)code, Message = message, Details = { details.Select(d => Any.Pack(d)) } };
        return new RpcException(new Grpc.Core.Status(code, message), new Metadata { { "grpc-status-details-bin", status.ToByteArray() } });
    }

    public async Task ListenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.ListenUnixSocket(Home.Socket, l => l.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(_service);
        _app = builder.Build();
        _app.MapGrpcService<FakeService>();
        await _app.StartAsync(TestContext.Current.CancellationToken);
    }

    public int? RunningPid() => _app is null ? null : 4711;

    public async Task<EngineStart> StartAsync(CancellationToken cancellationToken)
    {
        if (_app is not null)
        {
            return new EngineStart(false, "0.1.0", TimeSpan.Zero);
        }

        await ListenAsync();
        return new EngineStart(true, "0.1.0", TimeSpan.FromSeconds(1.5));
    }

    public Task<PlanResponse> PlanAsync(PlanRequest request, CancellationToken cancellationToken)
    {
        _service.Requests.Enqueue(request);
        return Task.FromResult(_service.OnPlan(request));
    }

    public Task<RecoverResponse> RecoverAsync(RecoverRequest request, CancellationToken cancellationToken)
    {
        _service.Requests.Enqueue(request);
        return Task.FromResult(_service.OnRecover(request));
    }

    public async Task<bool> StopAsync(CancellationToken cancellationToken)
    {
        Stops++;
        if (_app is not { } app)
        {
            return false;
        }

        _app = null;
        await app.DisposeAsync();
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        _service.End();
        if (_app is { } app)
        {
            await app.DisposeAsync();
        }

        Directory.Delete(Home.Directory, recursive: true);
    }
}
