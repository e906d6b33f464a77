namespace Tarmak.Grains;

/// <summary>Identity of this installation; every object it makes carries it.</summary>
/// <param name="Id">The identity, of <c>[a-z0-9]</c>.</param>
/// <param name="HomeDirectory">Folder that holds everything the engine keeps.</param>
public sealed record InstallationIdentity(string Id, string HomeDirectory);
