using Tarmak.Agent.Trust;

namespace Tarmak.Agent.Tests;

public sealed class AgentFilesTests : IDisposable
{
    private readonly AgentRoot _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Write_OfAFile_HasItsModeAndLeavesNothingBeside()
    {
        AgentFiles.Write(_root.Paths.EnrolmentSecret, "secret"u8, AgentFiles.Private);

        File.GetUnixFileMode(_root.Paths.EnrolmentSecret).Should().Be(AgentFiles.Private);
        Directory.GetFiles(Path.GetDirectoryName(_root.Paths.EnrolmentSecret)!).Should().ContainSingle();
    }

    [Fact]
    public void RequirePrivate_OfAFileOthersMayRead_Refuses()
    {
        AgentFiles.Write(_root.Paths.EnrolmentSecret, "secret"u8, AgentFiles.Public);

        Action check = () => AgentFiles.RequirePrivate(_root.Paths.EnrolmentSecret);

        check.Should().Throw<AgentException>().WithMessage("*mode 0600*644*");
    }

    [Fact]
    public void KeyFile_ReadTwice_IsTheSameKey()
    {
        AgentFiles.MakePrivateDirectory(_root.Paths.StateDirectory);
        using var first = KeyFile.ReadOrCreate(_root.Paths.Key);
        using var second = KeyFile.ReadOrCreate(_root.Paths.Key);

        second.ExportSubjectPublicKeyInfo().Should().Equal(first.ExportSubjectPublicKeyInfo());
        File.GetUnixFileMode(_root.Paths.Key).Should().Be(AgentFiles.Private);
    }

    [Fact]
    public void Log_OfAValueWithLineBreaksAndQuotes_IsOneLine()
    {
        _root.Log.Info("text", ("value", "a\nlevel=error \"b\""));

        _root.Journal.Should().Be("level=info message=text value=\"a\\nlevel=error \\\"b\\\"\"" + Environment.NewLine);
    }
}
