using System.Net;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Conformance.Faults;
using Tarmak.Providers.Container.Engine;
using Tarmak.Providers.Container.Tests.Faults;

namespace Tarmak.Providers.Container.Tests.Containers;

/// <summary>Faults of a container engine, each made on a socket between it and a provider.</summary>
/// <param name="fixture">The engine.</param>
/// <param name="installation">Whose provider meets them.</param>
internal sealed class ContainerFaults(EngineFixture fixture, string installation) : IFaultInjection
{
    private const string Nobody = "unix:///nowhere/engine.sock";

    /// <summary>What a call is given that is never answered; one that is answered is given as much as ever.</summary>
    private static readonly TimeSpan Impatience = TimeSpan.FromSeconds(1);

    /// <summary>What is on the edge, and changed by one program run there: two calls that may change something.</summary>
    private static readonly string[] OnEdges =
    [
        ResourceKinds.DnsZone, ResourceKinds.DnsRecordSet, ResourceKinds.LoadBalancer, ResourceKinds.LoadBalancerTarget, ResourceKinds.PeeringOffer,
        ResourceKinds.PeeringAcceptance, ResourceKinds.RegistryRepository, ResourceKinds.AccessIdentity,
    ];

    /// <summary>What every step asks the engine about. Firewall groups and buckets are folders of Tarmak's own.</summary>
    private static readonly string[] Everything = [ResourceKinds.Network, ResourceKinds.Volume, ResourceKinds.Machine, ResourceKinds.Edge, .. OnEdges];

    private readonly Dictionary<FaultCase, EngineRule?> rules = new()
    {
        [Case("no container engine answers", ErrorClass.Transient, Everything)] = null,
        [Case("the container engine hangs", ErrorClass.Transient, Everything)] = new EngineRule(EngineReply.Never),
        [Case("what answers is no container engine", ErrorClass.Transient, Everything)] = new EngineRule(EngineReply.NoHttp),
        [Case("replies end in the middle", null, Everything)] = new EngineRule(EngineReply.CutOff),
        [Case("the container engine breaks at every change", ErrorClass.Transient, Everything) with { OnlyChanges = true }] = Refusing(HttpStatusCode.InternalServerError, "something broke"),
        [Case("the disk is full", ErrorClass.ResourcesDepleted, Everything) with { OnlyChanges = true }] = Refusing(HttpStatusCode.InternalServerError, "write: no space left on device"),
        [Case("there are too many changes", ErrorClass.RateLimited, Everything) with { OnlyChanges = true }] = Refusing(HttpStatusCode.TooManyRequests, "slow down"),
        [Case("nobody is known at the socket", ErrorClass.Unauthenticated, Everything)] = Refusing(HttpStatusCode.Unauthorized, "who are you") with { OfChanges = false },
        [Case("nothing is allowed at the socket", ErrorClass.Unauthorized, Everything)] = Refusing(HttpStatusCode.Forbidden, "forbidden by policy") with { OfChanges = false },
        [Case("a change is never answered", null, Everything)] = new EngineRule(EngineReply.Never) { OfChanges = true },
        [Case("the reply to a change is lost", null, Everything)] = Losing(1),
        [Case("the reply to a second change is lost", null, [ResourceKinds.Machine, ResourceKinds.Edge, .. OnEdges])] = Losing(2),
        [Case("the reply to a third change is lost", null, [ResourceKinds.Edge])] = Losing(3),
    };

    /// <inheritdoc/>
    public IReadOnlyList<FaultCase> Cases => [.. rules.Keys];

    /// <inheritdoc/>
    public Task<FaultyOpening> OpenAsync(FaultCase fault, CancellationToken cancellationToken)
    {
        if (rules[fault] is not { } rule)
        {
            return Task.FromResult(new FaultyOpening(fixture.OpenAt(installation, Nobody)));
        }

        var proxy = new EngineProxy(fixture.Engine.Endpoint.AbsolutePath, rule);
        return Task.FromResult(new FaultyOpening(fixture.OpenAt(installation, proxy.Address, rule.Reply == EngineReply.Never ? Impatience : null), proxy.DisposeAsync));
    }

    private static FaultCase Case(string name, ErrorClass? error, string[] of) => new(name, error) { Of = [.. of] };

    private static EngineRule Refusing(HttpStatusCode status, string says) => new(EngineReply.Refused) { OfChanges = true, Status = status, Says = says };

    private static EngineRule Losing(int number) => new(EngineReply.Lost) { OfChanges = true, Number = number };
}
