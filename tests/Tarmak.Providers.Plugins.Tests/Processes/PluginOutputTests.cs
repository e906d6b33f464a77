using System.Text;
using Microsoft.Extensions.Time.Testing;
using Tarmak.Providers.Plugins.Processes;

namespace Tarmak.Providers.Plugins.Tests.Processes;

public sealed class PluginOutputTests
{
    private static readonly PluginLimits Limits = new() { LinesPerSecond = 3, OutputBytesPerSecond = int.MaxValue };

    private readonly List<string> told = [];
    private readonly FakeTimeProvider time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Drain_LinesWithEscapes_AreTold()
    {
        await DrainAsync("one\n\x1b[31mtwo\r\n\nthree");

        told.Should().Equal("one", "[31mtwo", "three");
    }

    [Fact]
    public async Task Drain_MoreLinesThanASecondMayHave_CountsTheRestAndKeepsTheLast()
    {
        var output = await DrainAsync(string.Concat(Enumerable.Range(1, 50).Select(n => $"{n}\n")));

        told.Should().Equal("1", "2", "3", "… and 47 lines more.");
        output.Last.Should().Equal(Enumerable.Range(41, 10).Select(n => $"{n}"));
    }

    [Fact]
    public async Task Drain_LineWithoutEnd_IsCut()
    {
        await DrainAsync(new string('x', 5_000_000));

        told.Should().ContainSingle().Which.Should().HaveLength(300);
    }

    [Fact]
    public async Task Drain_MoreBytesThanASecondMayHave_WaitsForTheNext()
    {
        var source = new MemoryStream(Encoding.UTF8.GetBytes(new string('x', 10_000)));
        var draining = new PluginOutput(source, Limits with { OutputBytesPerSecond = 5_000 }, told.Add, time).DrainAsync(Token);

        draining.IsCompleted.Should().BeFalse();
        source.Position.Should().BeLessThan(10_000);
        time.Advance(TimeSpan.FromSeconds(1));
        await draining.WaitAsync(TimeSpan.FromSeconds(30), Token);

        source.Position.Should().Be(10_000);
    }

    private async Task<PluginOutput> DrainAsync(string text)
    {
        var output = new PluginOutput(new MemoryStream(Encoding.UTF8.GetBytes(text)), Limits, told.Add, time);
        await output.DrainAsync(Token);
        return output;
    }
}
