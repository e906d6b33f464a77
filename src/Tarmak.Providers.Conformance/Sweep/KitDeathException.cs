namespace Tarmak.Providers.Conformance.Sweep;

/// <summary>The process of a machine of the kit died here.</summary>
internal sealed class KitDeathException : Exception;
