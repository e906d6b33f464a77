using Tarmak.Providers.Container.Edges;

namespace Tarmak.Providers.Container.Tests.Edges;

public sealed class PortBlockTests
{
    [Theory]
    [InlineData("21000-21015", true)]
    [InlineData("21000-21003", true)]
    [InlineData("21000-21002", false)]
    [InlineData("21015-21000", false)]
    [InlineData("0-15", false)]
    [InlineData("65530-65540", false)]
    [InlineData("a-b", false)]
    [InlineData("21000", false)]
    [InlineData(null, false)]
    public void Text_IsBlockOfAtLeastFour_OrNone(string? text, bool valid) =>
        PortBlock.Parse(text)?.ToString().Should().Be(valid ? text : null);

    [Fact]
    public void FreeBlock_SkipsRecordedAndTakenOnes()
    {
        var block = PortBlock.FindFree([new PortBlock(21000, 21003)], b => b.First == 21016 ? 21020 : null);

        block.Should().Be(new PortBlock(21032, 21047));
    }
}
