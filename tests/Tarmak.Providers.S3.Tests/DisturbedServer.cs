using Tarmak.Machines.Steps;
using Tarmak.Providers.Conformance.Faults;
using Tarmak.Providers.S3.Tests.Server;

namespace Tarmak.Providers.S3.Tests;

/// <summary>Faults of a server, as it answers them or as it is not reached.</summary>
/// <param name="server">The server.</param>
internal sealed class DisturbedServer(LoopbackS3 server) : IFaultInjection
{
    private readonly Dictionary<FaultCase, Disturbance?> faults = new()
    {
        [new FaultCase("the key is not taken", ErrorClass.Unauthenticated) { Secret = server.Secret }] = new Disturbance.Instead(S3Answer.Done(401)),
        [new FaultCase("the key may do nothing", ErrorClass.Unauthorized) { Secret = server.Secret }] = new Disturbance.Instead(S3Answer.Done(403)),
        [new FaultCase("there are too many requests", ErrorClass.RateLimited)] = new Disturbance.Instead(S3Answer.Done(429)),
        [new FaultCase("the server is out of room", ErrorClass.ResourcesDepleted)] = new Disturbance.Instead(S3Answer.Done(507)),
        [new FaultCase("nobody answers at the address", ErrorClass.Transient)] = null,
        [new FaultCase("each answer is cut off", null)] = new Disturbance.CutAfter(),
    };

    public IReadOnlyList<FaultCase> Cases => [.. faults.Keys];

    public Task<FaultyOpening> OpenAsync(FaultCase fault, CancellationToken cancellationToken)
    {
        if (faults[fault] is not { } disturbance)
        {
            // The port of discard: nothing listens there.
            return Task.FromResult(new FaultyOpening(Calls.Open(new Dictionary<string, string>(server.Options) { [ProviderOptions.Server] = "http://127.0.0.1:9" })));
        }

        server.Disturb = _ => disturbance;
        return Task.FromResult(new FaultyOpening(Calls.Open(server.Options), () =>
        {
            server.Disturb = static _ => null;
            return ValueTask.CompletedTask;
        }));
    }
}
