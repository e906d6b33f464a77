using System.Text;
using Tarmak.Grains.Agents;
using Tarmak.Grains.Moves;
using Tarmak.Grains.Storage;
using Tarmak.Model.Resources;
using Tarmak.Providers.Binding;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Tests.Moves;

/// <summary>An environment whose secrets are kept by real drivers in two vaults.</summary>
internal sealed class SecretWorld : MovingWorld
{
    private const string Foreign = "authorities/devil/demo/etcd";
    private readonly EnvironmentStores stores;

    public SecretWorld(bool oneVault)
        : base(CapabilityNames.SecretStore)
    {
        New = oneVault ? Old : new Vault();
        var places = new SecretPlaces(this);
        var copies = new SecretCopyDriver(places, this);
        var binding = new BindingDriver(this, this, copies, new ObjectCopyDriver(new StoragePlaces(this), this), new InstallationIdentity("test", "/nowhere"));
        Drivers[ResourceKinds.SecretCopy] = _ => BoundDriver.Of(copies);
        Drivers[ResourceKinds.Binding] = _ => BoundDriver.Of(binding);
        stores = new EnvironmentStores(places, this);
    }

    public override Kept Old { get; } = new Vault();

    public override Kept New { get; }

    public override string CopyKind => ResourceKinds.SecretCopy;

    public override string CopyTitle => "main-1";

    public override string What => "The secrets of environment dev";

    /// <summary>Up, with a secret of another environment too.</summary>
    public override void Up(int values)
    {
        base.Up(values);
        Done(((Vault)Old).CreateIfAbsentAsync(Foreign, "another's"u8.ToArray(), CancellationToken.None));
    }

    public override string NameOf(string word) => AgentPlaces.Authority("dev", word, "etcd");

    public override string? Read(string name) => Done(Open().GetAsync(name, CancellationToken.None)) is { } stored ? Encoding.UTF8.GetString(stored.Value.Span) : null;

    public override void Write(string name, string value)
    {
        var store = Open();
        var content = Encoding.UTF8.GetBytes(value);
        var present = Done(store.CreateIfAbsentAsync(name, content, CancellationToken.None));
        if (!present.Value.Span.SequenceEqual(content))
        {
            Done(store.CompareAndSetAsync(name, content, present.Version, CancellationToken.None)).Should().NotBeNull();
        }
    }

    public override void Delete(string name) => Done(Open().DeleteAsync(name, CancellationToken.None));

    public override Dictionary<string, string> Owned(Kept place)
    {
        if (place == Old && New != Old)
        {
            ((Vault)Old).Content.Should().Contain(Foreign, "another's");
        }

        return ((Vault)place).Content.Where(s => s.Key != Foreign).ToDictionary();
    }

    private ISecretStore Open() => Done(stores.SecretsAsync("dev", CancellationToken.None).AsTask());
}
