using System.Text.Json.Nodes;

namespace Tarmak.Model.Manifests.Fields;

/// <summary>The table of every field a manifest may have. Reading, suggestions, defaults and the JSON Schema all come from it.</summary>
internal static class ManifestFields
{
    private static readonly string[] VolumeClasses = ["ssd", "hdd"];

    private static readonly ObjectShape RootVolume = new(
        new("sizeGiB", new WholeNumberShape(1, 65_536), "Size in GiB.") { Default = ModelDefaults.RootVolumeGiB },
        new("class", Formats.OneOf(VolumeClasses), "What it is made of.") { Default = "ssd" });

    private static readonly ObjectShape Volume = new(
        new("name", Formats.Dashed, "Name, unique in its pool. A role's own volume may be listed to change it.") { Required = true },
        new("sizeGiB", new WholeNumberShape(1, 65_536), "Size in GiB.") { Required = true },
        new("class", Formats.OneOf(VolumeClasses), "What it is made of.") { Default = "ssd" });

    private static readonly ObjectShape Taint = new(
        new("key", Formats.LabelKey, "Key of the taint.") { Required = true },
        new("value", Formats.LabelValue, "Value of the taint.") { Default = "" },
        new("effect", Formats.OneOf("NoSchedule", "PreferNoSchedule", "NoExecute"), "What it does to pods that do not tolerate it.") { Required = true });

    /// <summary>An instance pool.</summary>
    public static readonly ObjectShape Pool = new(
        new("name", Formats.Dashed, "Name, unique in its cluster; machines are called name-0, name-1, …") { Required = true },
        new("role", Formats.OneOf([.. RoleDefinition.All.Select(r => r.Name)]), "What its machines are.") { Required = true },
        new("image", Formats.Image, "Image the machines boot; left out, the provider's own."),
        new("size", Formats.Size, "tiny, small, medium, large, or a type name of the provider; left out, the role's own."),
        new("count", new WholeNumberShape(0, 5000), "Number of machines: short for min and max. Odd for etcd. Left out, the role's own."),
        new("min", new WholeNumberShape(0, 5000), "Fewest machines; left out, as max."),
        new("max", new WholeNumberShape(0, 5000), "Most machines; left out, as min. Stateful pools (bastion, vault, etcd, jenkins) have min = max."),
        new("deletionPolicy", Formats.OneOf("Delete", "Retain"), "What becomes of its data when it is given up. Delete asks for consent first.") { Default = "Delete" },
        new("spotPrice", new PriceShape(), "Highest price an hour to bid for spare capacity. Stateless pools only."),
        new("zones", new ListShape(Formats.Zone) { MostItems = Networking.SubnetPlan.MostZones }, "Zones its machines are spread over in turn.") { Default = new JsonArray() },
        new("rootVolume", RootVolume, "The volume each machine boots from.") { Default = new JsonObject() },
        new("volumes", new ListShape(Volume) { MostItems = 16 }, "Further volumes of each machine, beside the role's own.") { Default = new JsonArray() },
        new("labels", new MapShape(Formats.LabelKey, Formats.LabelValue), "Kubernetes labels of its nodes.") { Default = new JsonObject() },
        new("taints", new ListShape(Taint), "Kubernetes taints of its nodes.") { Default = new JsonArray() },
        new("allowedCIDRs", new ListShape(Formats.Cidr), "CIDRs that may reach its load balancer.") { Default = new JsonArray() },
        new("kubernetesVersion", Formats.Version, "Its own Kubernetes version; left out, the cluster's."),
        new("identityPolicies", new ListShape(Formats.Line), "Further policies its machines' identity is given at the provider.") { Default = new JsonArray() });

    private static readonly ListShape Repositories = new(Formats.Repository) { MostItems = 64 };

    private static readonly ObjectShape Network = new(
        new("cidr", Formats.Cidr, "Range the machines' addresses are taken from, /16 to /20.") { Default = ModelDefaults.NetworkCidr },
        new("pods", Formats.Cidr, "Range of pod addresses.") { Default = ModelDefaults.PodsCidr },
        new("services", Formats.Cidr, "Range of service addresses.") { Default = ModelDefaults.ServicesCidr });

    private static readonly ObjectShape Kubernetes = new(
        new("version", Formats.Version, "Kubernetes version; left out, the engine's own."),
        new("zone", Formats.DnsZone, "DNS zone inside the cluster.") { Default = ModelDefaults.ClusterZone });

    private static readonly ObjectShape ClusterSpec = new(
        new("type", Formats.OneOf("single", "hub", "multi"), "Stands alone, is the environment's hub, or uses the hub.") { Default = "single" },
        new("paused", new FlagShape(), "True holds the engine off.") { Default = false },
        new("network", Network, "Address ranges.") { Default = new JsonObject() },
        new("kubernetes", Kubernetes, "Its Kubernetes; left out, the cluster is an etcd cluster with a bastion."),
        new("instancePools", new ListShape(Pool), "Its machines, pool by pool; left out, the pools its type needs."),
        new("repositories", Repositories, "Repositories of container images that its instances may pull from; in the registry their names begin with the cluster's."));

    private static readonly ObjectShape Dns = new(
        new("publicZone", Formats.DnsZone, "Zone for names seen from outside."),
        new("privateZone", Formats.DnsZone, "Zone for names seen by instances.") { Default = ModelDefaults.PrivateZone });

    private static readonly ObjectShape Override = new(
        new("provider", Formats.ProviderName, "Name of the provider that serves it instead.") { Required = true },
        new("zone", Formats.DnsZone, "For dns: the zone to write in."),
        new("bucket", Formats.Line, "For objectStorage, state, configuration and backups: an existing bucket."));

    private static readonly ObjectShape Edge = new(
        new Field("ports", Formats.Ports, "Range of loopback ports of the edge, at least 12 of them; left out, the engine chooses."));

    private static readonly ObjectShape EnvironmentSpec = new(
        new("provider", Formats.ProviderName, "Name of the provider that serves every capability not overridden.") { Required = true },
        new("location", Formats.Line, "Region or site at the provider."),
        new("dns", Dns, "DNS zones.") { Default = new JsonObject() },
        new("adminCIDRs", new ListShape(Formats.Cidr), "CIDRs operators come from.") { Default = new JsonArray() },
        new("overrides", new ObjectShape([.. OverrideKeys.All.Select(key => new Field(key, Override, $"Another provider for {key}."))]), "Other providers for single capabilities, or uses of object storage.") { Default = new JsonObject() },
        new("edge", Edge, "The environment's edge."),
        new("repositories", Repositories, "Repositories of container images that instances of all its clusters may pull from."));

    private static readonly ObjectShape Credentials = new(
        new("file", Formats.Line, "Path of a file on the engine's machine."),
        new("env", Formats.Variable, "Name of an environment variable of the engine."),
        new("secretStore", Formats.Line, "Path in the secret store."));

    private static readonly ObjectShape ProviderSpec = new(
        new("type", Formats.Dashed, "The kind of cloud, for example container.") { Required = true },
        new("credentialsFrom", Credentials, "Where the credentials are: exactly one of file, env and secretStore. A manifest never holds them."),
        new("host", Formats.DockerHost, "Container provider: address of the Docker API; left out, it is found. Simulated provider: socket of the simulator; left out, the cloud is in the engine."),
        new("server", Formats.Server, "Providers that are a server, such as rfc2136: its address, as ns1.example.test or 192.0.2.1:53; of s3, as https://s3.example.test."),
        new("region", Formats.Region, "Providers whose requests are signed for a region, such as s3: its name; left out, us-east-1."),
        new("directory", Formats.Folder, "Container provider: absolute path of the folder in which it keeps secrets, objects and firewall groups; left out, one in the engine's home, which is lost with it."),
        new("scenario", Formats.Line, "Simulated provider: file of what sort of cloud it is and what goes wrong there."));

    /// <summary>The whole document of a kind.</summary>
    public static ObjectShape Document(ManifestKind kind) => kind switch
    {
        ManifestKind.Provider => ProviderDocument,
        ManifestKind.Environment => EnvironmentDocument,
        _ => ClusterDocument,
    };

    private static readonly ObjectShape ProviderDocument = Document(ManifestKind.Provider, Formats.ProviderName, ProviderSpec, specRequired: true);

    private static readonly ObjectShape EnvironmentDocument = Document(ManifestKind.Environment, Formats.Name, EnvironmentSpec, specRequired: true);

    private static readonly ObjectShape ClusterDocument = Document(ManifestKind.Cluster, Formats.Name, ClusterSpec, specRequired: false);

    private static ObjectShape Document(ManifestKind kind, TextShape name, ObjectShape spec, bool specRequired) => new(
        new("apiVersion", Formats.OneOf(ModelDefaults.ApiVersion), "Version of the manifest's shape.") { Required = true },
        new("kind", Formats.OneOf(kind.ToString()), "Kind of resource.") { Required = true },
        new("metadata", Metadata(kind, name), "Name, labels and the like.") { Required = true },
        new("spec", spec, "What is wanted.") { Required = specRequired, Default = specRequired ? null : new JsonObject() },
        new("status", new AnyShape(), "What was observed; written by the server.") { Ignored = true });

    private static ObjectShape Metadata(ManifestKind kind, TextShape name)
    {
        Field[] identity = kind == ManifestKind.Cluster
            ? [new("name", name, "Name, unique in the environment.") { Required = true },
               new("environment", Formats.Name, "Name of the environment it belongs to.") { Required = true }]
            : [new("name", name, "Name, unique among its kind.") { Required = true }];
        return new ObjectShape([
            .. identity,
            new("labels", new MapShape(Formats.LabelKey, Formats.LabelValue), "Marks of your own, to select by.") { Default = new JsonObject() },
            new("annotations", new MapShape(Formats.LabelKey, Formats.Note), "Notes of your own.") { Default = new JsonObject() },
            new("resourceVersion", Formats.Line, "A precondition: apply only if the stored resource still has this version."),
            new("uid", new AnyShape(), "Identity of the resource; written by the server.") { Ignored = true },
            new("generation", new AnyShape(), "How often the spec has changed; written by the server.") { Ignored = true },
        ]);
    }
}
