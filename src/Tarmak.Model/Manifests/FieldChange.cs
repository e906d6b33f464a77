namespace Tarmak.Model.Manifests;

/// <summary>One field that differs between two specs.</summary>
/// <param name="Path">Path of the field; entries of a list with names are addressed by them: <c>spec.instancePools[etcd].size</c>.</param>
/// <param name="From">Old value as JSON; null where the field is new.</param>
/// <param name="To">New value as JSON; null where the field goes.</param>
public sealed record FieldChange(string Path, string? From, string? To);
