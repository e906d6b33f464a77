using Tarmak.Grains.Moves;
using Tarmak.Machines.Environments;
using Tarmak.Model.Resources;
using Tarmak.Providers;

namespace Tarmak.Grains.Tests.Moves;

/// <summary>An environment whose backups are bound anew.</summary>
internal sealed class StorageWorld : MovingWorld
{
    public StorageWorld()
        : base("backups") => Places = new StoragePlaces(this);

    public StoragePlaces Places { get; }

    public PlacedStorage? Placed => Done(Places.FindAsync("dev", "backups", CancellationToken.None));

    public string BucketAt(int place) => World.Cloud.Living.Single(o => o.Owner == Dev.Capability(ResourceKinds.Bucket, BoundPlace.TitleOf("backups", place))).Id;

    public override ValueTask<IProvider> GetAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();
}
