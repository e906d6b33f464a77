using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Container.Tests.Containers;

/// <summary>Objects of one test on the real engine; what the test leaves is deleted in the reverse order.</summary>
internal sealed class Cloud(EngineFixture fixture) : IAsyncDisposable
{
    private readonly Stack<Func<Task>> deletions = new();
    private readonly string prefix = $"{fixture.Installation}-{Guid.NewGuid().ToString("N")[..4]}";

    public ContainerProvider Provider => fixture.Provider;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ResourceCall Call(string name, int incarnation = 1) =>
        TestCalls.Call($"{prefix}-{name}", incarnation, installation: fixture.Installation);

    public async Task<TOutputs> MakeAsync<TSpec, TOutputs>(IResourceDriver<TSpec> driver, string name, TSpec spec)
        where TSpec : class
        where TOutputs : class
    {
        var call = Call(name);
        Func<Task> delete = async () =>
        {
            var observed = (await driver.ObserveAsync(call, spec, CancellationToken.None)).ShouldSucceed();
            (await driver.DeleteAsync(call with { ObjectId = observed.ObjectId }, spec, CancellationToken.None)).ShouldSucceed();
        };
        lock (deletions)
        {
            deletions.Push(delete);
        }

        var outcome = await driver.EnsureAsync(call, spec, Token);
        var outputs = outcome.Outputs<TOutputs>();
        (await driver.EnsureAsync(call, spec, Token)).Outputs<TOutputs>().Should().Be(outputs, "ensure changes nothing the second time");
        (await driver.ObserveAsync(call, spec, Token)).Outputs<TOutputs>().Should().Be(outputs);
        return outputs;
    }

    public Task<NetworkOutputs> InnerAsync(string cidr) =>
        MakeAsync<NetworkSpec, NetworkOutputs>(Provider.Network.Networks, "inner", new NetworkSpec(cidr, Internal: true));

    public async Task<EdgeOutputs> EdgeAsync(string authority = "certificate")
    {
        var outer = await MakeAsync<NetworkSpec, NetworkOutputs>(Provider.Network.Networks, "outer", new NetworkSpec(null, Internal: false));
        return await MakeAsync<EdgeSpec, EdgeOutputs>(
            Provider.Compute.Edges, "edge", new EdgeSpec(await fixture.ImageAsync(), outer.NetworkId, null, authority));
    }

    public async Task<MachineSpec> SpecAsync(NetworkOutputs network, string address, params VolumeAttachment[] volumes) => new()
    {
        ImageId = await fixture.ImageAsync(),
        HostName = "machine-0",
        Size = "tiny",
        NetworkId = network.NetworkId,
        Address = address,
        Volumes = [.. volumes],
        FirstBoot = new FirstBoot("dev/demo/etcd/0", "uid", "10.213.0.2:7444", new string('a', 64)),
    };

    public async ValueTask DisposeAsync()
    {
        while (deletions.TryPop(out var delete))
        {
            await delete();
        }
    }
}
