using System.Runtime.CompilerServices;

namespace Tarmak.Cli.Tests;

/// <summary>The entry script, beside a command line that only says what it was asked.</summary>
public sealed class EntryScriptTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("tarmak-entry-");

    public EntryScriptTests() => File.Copy(Path.Combine(Repository(), "tarmak"), Path.Combine(_root.FullName, "tarmak"));

    [Fact]
    public async Task Complete_NothingIsBuilt_SaysNothingAndBuildsNothing()
    {
        var run = await RunAsync("__complete", "--", "get", "");

        run.Should().Be((0, "", ""));
        _root.GetDirectories().Should().BeEmpty();
    }

    [Fact]
    public async Task Complete_StaleBuild_IsAskedAsItIs()
    {
        Built();

        var run = await RunAsync("__complete", "--", "up", "-f", "");

        run.Should().Be((0, "asked: __complete -- up -f \n", ""));
    }

    public void Dispose() => _root.Delete(recursive: true);

    private static string Repository([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));

    private void Built()
    {
        var directory = _root.CreateSubdirectory("artifacts/tarmak");
        var program = Path.Combine(directory.FullName, "tarmak");
        File.WriteAllText(program, "#!/bin/sh\necho asked: \"$@\"\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private Task<(int ExitCode, string Out, string Error)> RunAsync(params string[] arguments) =>
        Shell.RunAsync(Path.Combine(_root.FullName, "tarmak"), arguments);
}
