using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Tarmak.Model.Manifests;
using Tarmak.Model.Manifests.Fields;
using Tarmak.Model.Serialization;

namespace Tarmak.Model.Tests.Manifests;

public sealed class ManifestSchemaTests
{
    private static readonly string SchemaFile = Path.Combine(Documents.Root(), "docs/schema/tarmak.schema.json");

    [Fact]
    public void ToJsonSchema_EqualsTheFileOfTheDocumentation()
    {
        // TARMAK_WRITE_SCHEMA=1 dotnet run --project tests/Tarmak.Model.Tests writes the file anew.
        if (Environment.GetEnvironmentVariable("TARMAK_WRITE_SCHEMA") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(SchemaFile)!);
            File.WriteAllText(SchemaFile, ManifestSchema.ToJsonSchema());
        }

        File.ReadAllText(SchemaFile).Should().Be(ManifestSchema.ToJsonSchema(), "TARMAK_WRITE_SCHEMA=1 writes it anew");
    }

    [Fact]
    public void ToJsonSchema_EveryFieldIsDescribed()
    {
        var schema = JsonNode.Parse(ManifestSchema.ToJsonSchema())!;

        var fields = Fields(schema["$defs"]!).ToArray();

        fields.Should().HaveCountGreaterThan(60);
        fields.Should().OnlyContain(field => field.Value!["description"]!.GetValue<string>().EndsWith('.') || field.Value["description"]!.GetValue<string>().EndsWith('…'));
    }

    [Fact]
    public void ToJsonSchema_OfEachKind_IsChosenByKindAlone()
    {
        var schema = JsonNode.Parse(ManifestSchema.ToJsonSchema())!;

        schema["allOf"]!.AsArray().Select(rule => $"{rule!["if"]!["properties"]!["kind"]!["const"]} {rule["then"]!["$ref"]}")
            .Should().Equal("Provider #/$defs/Provider", "Environment #/$defs/Environment", "Cluster #/$defs/Cluster");
    }

    [Fact]
    public void ToJsonSchema_FieldsThatMayBeLeftOut_MayBeLeftEmpty()
    {
        var cluster = JsonNode.Parse(ManifestSchema.ToJsonSchema())!["$defs"]!["Cluster"]!["properties"]!;

        cluster["spec"]!["type"]!.ToJsonString().Should().Be("[\"object\",\"null\"]");
        cluster["spec"]!["properties"]!["type"]!["enum"]!.AsArray().Should().Contain(value => value == null);
        cluster["metadata"]!["type"]!.ToJsonString().Should().Be("\"object\"");
        Documents.Read("apiVersion: tarmak.io/v1alpha1\nkind: Cluster\nmetadata: { name: demo, environment: dev }\nspec:\n").Problems.Should().BeEmpty();
    }

    [Theory]
    [InlineData(ManifestKind.Provider)]
    [InlineData(ManifestKind.Environment)]
    [InlineData(ManifestKind.Cluster)]
    public void Fields_OfEveryKind_AreTheRecords(ManifestKind kind)
    {
        JsonTypeInfo record = kind switch
        {
            ManifestKind.Provider => ModelJson.Default.ProviderSpec,
            ManifestKind.Environment => ModelJson.Default.EnvironmentSpec,
            _ => ModelJson.Default.ClusterSpec,
        };

        Compare(ManifestFields.Document(kind).Find("spec")!.Shape, record);
        Compare(ManifestFields.Document(kind).Find("metadata")!.Shape, ModelJson.Default.ManifestMetadata);
    }

    private static void Compare(Shape shape, JsonTypeInfo type)
    {
        if (shape is ListShape { Item: ObjectShape item })
        {
            Compare(item, ModelJson.Default.GetTypeInfo(type.ElementType!)!);
        }
        else if (shape is ObjectShape fields && type.Kind == JsonTypeInfoKind.Object)
        {
            // count is short for min and max; environment is for clusters only.
            fields.Fields.Where(f => !f.Ignored && f.Name != "count").Select(f => f.Name).Append("environment").Distinct()
                .Should().BeEquivalentTo(type.Properties.Where(p => p.Get is not null).Select(p => p.Name).Append("environment").Distinct());
            foreach (var property in type.Properties.Where(p => p.Get is not null))
            {
                if (fields.Find(property.Name) is { } field)
                {
                    Compare(field.Shape, ModelJson.Default.GetTypeInfo(property.PropertyType)!);
                }
            }
        }
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Fields(JsonNode node) => node switch
    {
        JsonObject members => members.SelectMany(m => m.Key == "properties" ? m.Value!.AsObject().Concat(Fields(m.Value)) : Fields(m.Value!)),
        JsonArray items => items.SelectMany(i => Fields(i!)),
        _ => [],
    };
}
