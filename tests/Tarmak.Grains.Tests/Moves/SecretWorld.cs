using System.Text;
using Tarmak.Grains.Agents;
using Tarmak.Grains.Moves;
using Tarmak.Grains.Storage;
using Tarmak.Model.Resources;
using Tarmak.Providers;
using Tarmak.Providers.Binding;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Tests.Moves;

/// <summary>An environment whose secrets are kept by real drivers in two vaults.</summary>
internal sealed class SecretWorld : MovingWorld
{
    public SecretWorld(bool oneVault = false)
        : base(CapabilityNames.SecretStore)
    {
        New = oneVault ? Old : new Vault();
        var places = new SecretPlaces(this);
        var copies = new SecretCopyDriver(places, this);
        Drivers[ResourceKinds.SecretCopy] = BoundDriver.Of(copies);
        Drivers[ResourceKinds.Binding] = BoundDriver.Of(new BindingDriver(this, this, copies, new InstallationIdentity("test", "/nowhere")));
        Store = new EnvironmentStores(places, this).SecretsAsync;
    }

    public Vault Old { get; } = new();

    public Vault New { get; }

    /// <summary>The environment's secret store, as everybody uses it.</summary>
    public Func<string, CancellationToken, ValueTask<ISecretStore>> Store { get; }

    /// <summary>Up, with so many secrets of the environment and one of another.</summary>
    public SecretWorld Up(int secrets)
    {
        Bind(null);
        Settle();
        for (var i = 0; i < secrets; i++)
        {
            Create(Name(i), $"key {i}");
        }

        Old.CreateIfAbsentAsync("authorities/devil/demo/etcd", Encoding.UTF8.GetBytes("another's"), CancellationToken.None).GetAwaiter().GetResult();
        return this;
    }

    public static string Name(int i) => AgentPlaces.Authority("dev", $"c{i:D3}", "etcd");

    public string Create(string name, string value)
    {
        var stored = Done(Open().CreateIfAbsentAsync(name, Encoding.UTF8.GetBytes(value), CancellationToken.None));
        return Encoding.UTF8.GetString(stored.Value.Span);
    }

    public string? Read(string name) => Done(Open().GetAsync(name, CancellationToken.None)) is { } stored ? Encoding.UTF8.GetString(stored.Value.Span) : null;

    public bool Set(string name, string value) => Done(SetAsync(name, value));

    public void Delete(string name) => Done(DeleteAsync(name));

    public override ValueTask<IProvider> GetAsync(string name, CancellationToken cancellationToken) => ValueTask.FromResult<IProvider>(name == "old" ? Old : New);

    private async Task<bool> SetAsync(string name, string value)
    {
        var store = Open();
        var present = await store.GetAsync(name, CancellationToken.None);
        return await store.CompareAndSetAsync(name, Encoding.UTF8.GetBytes(value), present!.Version, CancellationToken.None) is not null;
    }

    private async Task<bool> DeleteAsync(string name)
    {
        await Open().DeleteAsync(name, CancellationToken.None);
        return true;
    }

    private ISecretStore Open() => Done(Store("dev", CancellationToken.None).AsTask());
}
