using Google.Protobuf.WellKnownTypes;

namespace Tarmak.Cli.Tests;

/// <summary>Resources and manifests for tests.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public const string Quickstart = """
        apiVersion: tarmak.io/v1alpha1
        kind: Provider
        metadata: { name: laptop }
        spec: { type: container }
        ---
        apiVersion: tarmak.io/v1alpha1
        kind: Environment
        metadata: { name: dev }
        spec:
          provider: laptop
          dns: { publicZone: dev.example.test, privateZone: tarmak.local }
          adminCIDRs: [ 127.0.0.0/8 ]
        ---
        apiVersion: tarmak.io/v1alpha1
        kind: Cluster
        metadata: { name: demo, environment: dev }
        spec:
          type: single
          network: { cidr: 10.99.0.0/16 }
          instancePools:
            - { name: bastion, role: bastion }
            - { name: etcd, role: etcd, count: 3, size: small }
        """;

    public static Resource Resource(string kind, string key, string phase, string message = "", long generation = 1) => new()
    {
        Kind = kind,
        Key = key,
        Name = key.Split('/')[^1],
        Environment = key.Split('/', '#')[0],
        Phase = phase,
        Message = message,
        Reason = message.Length > 0 ? "Because" : "",
        Generation = generation,
        ObservedGeneration = generation,
        Uid = "0f8fad5b",
        ResourceVersion = "7",
        Created = Timestamp.FromDateTimeOffset(Now.AddMinutes(-5)),
        PhaseSince = Timestamp.FromDateTimeOffset(Now.AddSeconds(-75)),
    };

    public static WatchResponse Change(Resource resource, long revision) => new() { Resource = resource, Revision = revision };

    public static WatchResponse Gone(Resource resource, long revision) => new() { Resource = resource, Deleted = true, Revision = revision };

    public static WatchResponse CaughtUp(long revision) => new() { CaughtUp = true, Revision = revision };

    public static string File(FakeEngine engine, string content, string name = "manifest.yaml")
    {
        var path = Path.Combine(engine.Home.Directory, name);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    public static ApplyResponse Accepted() => new()
    {
        Documents =
        {
            new DocumentResult { Kind = "Provider", Key = "laptop", Action = DocumentResult.Types.Action.Unchanged, Generation = 1 },
            new DocumentResult { Kind = "Environment", Key = "dev", Action = DocumentResult.Types.Action.Created, Generation = 1 },
            new DocumentResult { Kind = "Cluster", Key = "dev/demo", Action = DocumentResult.Types.Action.Created, Generation = 1 },
        },
        Revision = 3,
    };
}
