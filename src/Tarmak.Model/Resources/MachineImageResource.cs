namespace Tarmak.Model.Resources;

/// <summary>Which machine image is wanted.</summary>
/// <param name="Name">Logical name; <c>base</c> serves every role.</param>
public sealed record MachineImageSpec(string Name);

/// <summary>The image.</summary>
/// <param name="ImageId">The provider's id.</param>
/// <param name="ContentHash">Hash of everything it was built from.</param>
public sealed record MachineImageOutputs(string ImageId, string ContentHash);
