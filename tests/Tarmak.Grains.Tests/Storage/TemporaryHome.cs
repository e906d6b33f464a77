using Tarmak.Grains.Storage;

namespace Tarmak.Grains.Tests.Storage;

/// <summary>A home folder that goes with the test.</summary>
internal sealed class TemporaryHome : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("tarmak-test-").FullName;

    public string File => System.IO.Path.Combine(Path, "engine.db");

    public EngineDatabase Open(EngineDatabaseOptions? options = null) => EngineDatabase.Open(Path, TimeProvider.System, options);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
