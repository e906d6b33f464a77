using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf.Collections;

namespace Tarmak.Cli.Output;

/// <summary>
/// Resources as documents. Providers, environments and clusters come in the shape of a manifest, so that what was
/// printed can be applied again; what the server adds is ignored there.
/// </summary>
internal static class ResourceDocument
{
    private const string ApiVersion = "tarmak.io/v1alpha1";

    /// <summary>One resource.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="resource">The resource.</param>
    public static JsonObject Of(string kind, Resource resource)
    {
        var document = new JsonObject
        {
            ["apiVersion"] = ApiVersion,
            ["kind"] = Kinds.Manifest(kind),
            ["metadata"] = Metadata(kind, resource),
        };
        if (resource.SpecJson.Length > 0)
        {
            document["spec"] = JsonNode.Parse(resource.SpecJson);
        }

        if (kind != "provider" || resource.Phase.Length > 0)
        {
            document["status"] = Status(resource);
        }

        return document;
    }

    /// <summary>Several resources in one JSON object.</summary>
    /// <param name="documents">The resources.</param>
    public static JsonObject List(IEnumerable<JsonObject> documents) => new()
    {
        ["apiVersion"] = ApiVersion,
        ["kind"] = "List",
        ["items"] = new JsonArray([.. documents]),
    };

    private static JsonObject Metadata(string kind, Resource resource)
    {
        var metadata = new JsonObject { ["name"] = NameOf(kind, resource) };
        if (kind is not ("provider" or "environment"))
        {
            Put(metadata, "environment", resource.Environment.Length > 0 ? resource.Environment : ResourceKeys.Environment(resource.Key));
        }

        if (kind is not ("provider" or "environment" or "cluster"))
        {
            Put(metadata, "cluster", resource.Cluster);
            Put(metadata, "pool", resource.Pool);
        }

        PutAll(metadata, "labels", resource.Labels);
        PutAll(metadata, "annotations", resource.Annotations);
        Put(metadata, "uid", resource.Uid);
        metadata["generation"] = resource.Generation;
        Put(metadata, "resourceVersion", resource.ResourceVersion);
        return metadata;
    }

    private static string NameOf(string kind, Resource resource) => kind switch
    {
        "provider" or "environment" or "cluster" when resource.Name.Length > 0 => resource.Name,
        "cluster" => resource.Key[(resource.Key.LastIndexOf('/') + 1)..],
        _ => ResourceKeys.Shown(resource.Key),
    };

    private static JsonObject Status(Resource resource)
    {
        var status = new JsonObject();
        Put(status, "phase", resource.Phase);
        Put(status, "phaseSince", Time(resource.PhaseSince));
        Put(status, "created", Time(resource.Created));
        status["observedGeneration"] = resource.ObservedGeneration;
        Put(status, "reason", resource.Reason);
        Put(status, "message", resource.Message);
        if (resource.Total > 0)
        {
            status["ready"] = resource.Ready;
            status["total"] = resource.Total;
        }

        Put(status, "role", resource.Role);
        Put(status, "address", resource.Address);
        Put(status, "endpoint", resource.Endpoint);
        Put(status, "provider", resource.Provider);
        Put(status, "resourceKind", resource.ResourceKind);
        Put(status, "objectId", resource.ObjectId);
        return status;
    }

    private static string Time(Google.Protobuf.WellKnownTypes.Timestamp? time) =>
        time is null ? "" : time.ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static void Put(JsonObject target, string name, string value)
    {
        if (value.Length > 0)
        {
            target[name] = value;
        }
    }

    private static void PutAll(JsonObject target, string name, MapField<string, string> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        var map = new JsonObject();
        foreach (var (key, value) in values.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            map[key] = value;
        }

        target[name] = map;
    }
}
