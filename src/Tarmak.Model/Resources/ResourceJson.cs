using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Tarmak.Model.Resources;

/// <summary>
/// JSON form of resource specifications and outputs. Equal values give equal text: members are written in
/// declaration order and absent ones are left out, so the text itself can be hashed and compared.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(NetworkSpec))]
[JsonSerializable(typeof(NetworkOutputs))]
[JsonSerializable(typeof(EdgeSpec))]
[JsonSerializable(typeof(EdgeOutputs))]
[JsonSerializable(typeof(EdgeAttachmentSpec))]
[JsonSerializable(typeof(EdgeAttachmentOutputs))]
[JsonSerializable(typeof(MachineImageSpec))]
[JsonSerializable(typeof(MachineImageOutputs))]
[JsonSerializable(typeof(VolumeSpec))]
[JsonSerializable(typeof(VolumeOutputs))]
[JsonSerializable(typeof(MachineSpec))]
[JsonSerializable(typeof(MachineOutputs))]
[JsonSerializable(typeof(DnsZoneSpec))]
[JsonSerializable(typeof(DnsZoneOutputs))]
[JsonSerializable(typeof(DnsRecordSetSpec))]
[JsonSerializable(typeof(DnsRecordSetOutputs))]
[JsonSerializable(typeof(LoadBalancerSpec))]
[JsonSerializable(typeof(LoadBalancerOutputs))]
[JsonSerializable(typeof(LoadBalancerTargetSpec))]
[JsonSerializable(typeof(LoadBalancerTargetOutputs))]
[JsonSerializable(typeof(FirewallGroupSpec))]
[JsonSerializable(typeof(FirewallGroupOutputs))]
[JsonSerializable(typeof(FirewallRulesSpec))]
[JsonSerializable(typeof(FirewallRulesOutputs))]
[JsonSerializable(typeof(PeeringOfferSpec))]
[JsonSerializable(typeof(PeeringOfferOutputs))]
[JsonSerializable(typeof(PeeringAcceptanceSpec))]
[JsonSerializable(typeof(PeeringAcceptanceOutputs))]
[JsonSerializable(typeof(RegistryRepositorySpec))]
[JsonSerializable(typeof(RegistryRepositoryOutputs))]
[JsonSerializable(typeof(AccessIdentitySpec))]
[JsonSerializable(typeof(AccessIdentityOutputs))]
[JsonSerializable(typeof(AccessGrantsSpec))]
[JsonSerializable(typeof(AccessGrantsOutputs))]
[JsonSerializable(typeof(BucketSpec))]
[JsonSerializable(typeof(BucketOutputs))]
[JsonSerializable(typeof(AuthoritySpec))]
[JsonSerializable(typeof(AuthorityOutputs))]
[JsonSerializable(typeof(BundleSpec))]
[JsonSerializable(typeof(BundleOutputs))]
[JsonSerializable(typeof(ConvergenceSpec))]
[JsonSerializable(typeof(ConvergenceOutputs))]
[JsonSerializable(typeof(BindingSpec))]
[JsonSerializable(typeof(BindingOutputs))]
[JsonSerializable(typeof(SecretCopySpec))]
[JsonSerializable(typeof(ObjectCopySpec))]
[JsonSerializable(typeof(CopyOutputs))]
public sealed partial class ResourceJson : JsonSerializerContext
{
    /// <summary>Writes a specification or outputs.</summary>
    /// <typeparam name="T">One of the types of this context.</typeparam>
    /// <param name="value">The value.</param>
    /// <returns>Its canonical text.</returns>
    public static string Write<T>(T value)
        where T : class => JsonSerializer.Serialize(value, Info<T>());

    /// <summary>Reads a specification or outputs.</summary>
    /// <typeparam name="T">One of the types of this context.</typeparam>
    /// <param name="json">Text that <see cref="Write{T}"/> wrote.</param>
    /// <returns>The value.</returns>
    /// <exception cref="JsonException">The text is not of this type.</exception>
    public static T Read<T>(string json)
        where T : class =>
        JsonSerializer.Deserialize(json, Info<T>()) ?? throw new JsonException($"Expected {typeof(T).Name}, found null.");

    private static JsonTypeInfo<T> Info<T>() =>
        (JsonTypeInfo<T>?)Default.GetTypeInfo(typeof(T))
        ?? throw new InvalidOperationException($"{typeof(T).Name} is not a resource type.");
}
