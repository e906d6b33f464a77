using Tarmak.Engine;
using Tarmak.Gateway.Listeners;

namespace Tarmak.Gateway.Tests.Listeners;

public sealed class EngineHomeTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("tarmak-home");

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public void Lock_SecondEngine_IsToldInOneSentence()
    {
        var home = EngineHome.Open(directory.FullName);
        using var first = EngineLock.Take(home);

        var act = () => EngineLock.Take(home);

        act.Should().Throw<StartException>().WithMessage($"An engine runs on {directory.FullName} already; one home has one engine.");
    }

    [Fact]
    public void Lock_Released_CanBeTakenAgain()
    {
        var home = EngineHome.Open(directory.FullName);
        EngineLock.Take(home).Dispose();

        using var again = EngineLock.Take(home);

        File.ReadAllText(home.PidPath).Trim().Should().Be(System.Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Installation_IsMadeOnceAndKept()
    {
        var home = EngineHome.Open(directory.FullName);

        var made = home.Installation();

        made.Should().MatchRegex("^[0-9a-f]{12}$");
        EngineHome.Open(directory.FullName).Installation().Should().Be(made);
    }

    [Fact]
    public void Installation_SomethingElseInTheFile_IsRefused()
    {
        var home = EngineHome.Open(directory.FullName);
        File.WriteAllText(home.InstallationPath, "mine");

        var act = home.Installation;

        act.Should().Throw<StartException>();
    }

    [Fact]
    public void Installation_MissingBesideADatabase_IsRefusedAndNotMadeAnew()
    {
        var home = EngineHome.Open(directory.FullName);
        File.WriteAllText(home.DatabasePath, "");

        var act = home.Installation;

        act.Should().Throw<StartException>().WithMessage($"{home.InstallationPath} is missing*");
        File.Exists(home.InstallationPath).Should().BeFalse();
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite, true)]
    [InlineData(UnixFileMode.UserRead, true)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, false)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead, false)]
    public void Token_ThatOthersMayRead_IsRefused(UnixFileMode mode, bool accepted)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        var path = Path.Combine(directory.FullName, "token");
        BearerToken.Open(path);
        File.SetUnixFileMode(path, mode);

        var act = () => BearerToken.Open(path);

        if (accepted)
        {
            act.Should().NotThrow();
        }
        else
        {
            act.Should().Throw<InvalidDataException>().WithMessage($"{path} may be read by others*");
        }
    }

    [Fact]
    public void StaleSocket_OfADeadEngine_IsRemoved()
    {
        var path = Path.Combine(directory.FullName, "engine.sock");
        // Nobody listens behind it, as nobody does behind the socket of a killed process.
        File.WriteAllText(path, "");

        StaleSocket.Remove(path);

        File.Exists(path).Should().BeFalse();
    }

    [Fact]
    public void StaleSocket_OfALivingEngine_Stays()
    {
        var path = Path.Combine(directory.FullName, "engine.sock");
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(path));
        socket.Listen();

        var act = () => StaleSocket.Remove(path);

        act.Should().Throw<IOException>();
        File.Exists(path).Should().BeTrue();
    }
}
