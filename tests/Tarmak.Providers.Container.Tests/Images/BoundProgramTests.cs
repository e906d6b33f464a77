using Tarmak.Machines.Steps;
using Tarmak.Providers.Container.Engine;
using Tarmak.Providers.Container.Images;

namespace Tarmak.Providers.Container.Tests.Images;

public sealed class BoundProgramTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Program_ThatFails_SaysWhy()
    {
        var run = () => BoundProgram.RunAsync("sh", ["-c", "echo why >&2; exit 3"], Token);

        (await run.Should().ThrowAsync<EngineFaultException>()).Which.Outcome.ShouldFail(ErrorClass.Transient).Should().Contain("sh failed").And.Contain("why");
    }

    [Fact]
    public async Task Program_Cancelled_IsKilled()
    {
        using var folder = new TestFolder();
        var pipe = Path.Combine(folder.Path, "pipe");
        await BoundProgram.RunAsync("mkfifo", [pipe], Token);
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Token);

        // The pipe opens once the program is there to read, and nothing is ever written.
        var run = BoundProgram.RunAsync("cat", [pipe], caller.Token);
        await using var writer = await Task.Run(() => new FileStream(pipe, FileMode.Open, FileAccess.Write), Token);
        await caller.CancelAsync();

        await run.Awaiting(r => r).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task Leftovers_OfEarlierBuilds_AreRemoved()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "build-0123", "root"));
        Directory.CreateDirectory(Path.Combine(folder.Path, "kept"));

        await DebianTree.RemoveLeftoversAsync(folder.Path, Token);

        Directory.GetDirectories(folder.Path).Select(Path.GetFileName).Should().Equal("kept");
    }
}
