using System.Text;
using Tarmak.Grains.Moves;
using Tarmak.Grains.Storage;
using Tarmak.Machines.Environments;
using Tarmak.Model.Resources;
using Tarmak.Providers.Binding;

namespace Tarmak.Grains.Tests.Moves;

/// <summary>An environment whose backups are kept by real drivers in buckets of two warehouses.</summary>
internal sealed class StorageWorld : MovingWorld
{
    private readonly StoragePlaces places;

    public StorageWorld(bool oneBucket = false)
        : base(BoundPlace.BackupsUse)
    {
        Old = new Warehouse { OnlyBucket = oneBucket ? "brought" : null };
        New = oneBucket ? Old : new Warehouse();
        places = new StoragePlaces(this);
        var copies = new ObjectCopyDriver(places, this);
        var binding = new BindingDriver(this, this, new SecretCopyDriver(new SecretPlaces(this), this), copies, new InstallationIdentity("test", "/nowhere"));
        Drivers[ResourceKinds.Bucket] = call => BoundDriver.Of(((Warehouse)(call.Provider == "old" ? Old : New)).Buckets);
        Drivers[ResourceKinds.ObjectCopy] = _ => BoundDriver.Of(copies);
        Drivers[ResourceKinds.Binding] = _ => BoundDriver.Of(binding);
        Storage = new MovingObjectStorage("dev", BoundPlace.BackupsUse, places, this);
    }

    public override Kept Old { get; }

    public override Kept New { get; }

    public override string CopyKind => ResourceKinds.ObjectCopy;

    public override string CopyTitle => "backups-1";

    public override string What => "The objects for backups of environment dev";

    /// <summary>The environment's backups, as everybody uses them.</summary>
    public MovingObjectStorage Storage { get; }

    public PlacedStorage? Placed => Done(places.FindAsync("dev", BoundPlace.BackupsUse, CancellationToken.None));

    public static string BucketAt(int place) =>
        ObjectNames.Of("test", Dev.Capability(ResourceKinds.Bucket, BoundPlace.TitleOf(BoundPlace.BackupsUse, place)));

    public override string NameOf(string word) => word;

    public override string? Read(string name) => Done(Storage.GetAsync(name, CancellationToken.None)) is { } stored ? Encoding.UTF8.GetString(stored.Content.Span) : null;

    public override void Write(string name, string value) =>
        Done(Storage.PutAsync(name, Encoding.UTF8.GetBytes(value), null, CancellationToken.None)).Should().NotBeNull();

    public override void Delete(string name) => Done(Storage.DeleteAsync(name, CancellationToken.None));

    public override Dictionary<string, string> Owned(Kept place) => ((Warehouse)place).Content.ToDictionary();
}
