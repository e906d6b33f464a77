namespace Tarmak.Model.Manifests;

/// <summary>What happens to a pool's data volumes when the pool, or a machine of it, is given up.</summary>
public enum DeletionPolicy
{
    /// <summary>They are deleted, but only with consent that names them.</summary>
    Delete,

    /// <summary>They stay at the provider.</summary>
    Retain,
}
