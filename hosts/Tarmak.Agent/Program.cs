using System.Runtime.InteropServices;
using Tarmak.Agent.Relay;
using Tarmak.Agent.Running;

namespace Tarmak.Agent;

/// <summary>Entry of the program on every instance, and of the relay on every edge.</summary>
internal static class Program
{
    private const string Usage = "Usage: tarmak-agent run | relay | version";
    private const string PuppetProgram = "/usr/bin/puppet";

    private static async Task<int> Main(string[] arguments)
    {
        AgentLog log = new(Console.Out);
        using CancellationTokenSource stopping = new();
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stopping.Cancel();
        }

        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        AgentPaths paths = new("/");
        try
        {
            switch (arguments)
            {
                case ["run"]:
                    using (AgentLoop loop = new(
                        AgentSettings.Read(paths.Settings), paths, PuppetProgram, TimeProvider.System, Random.Shared, log))
                    {
                        await loop.RunAsync(stopping.Token).ConfigureAwait(false);
                    }

                    return 0;
                case ["relay"]:
                    using (RelayServer relay = new(RelaySettings.Read(paths.RelaySettings), new RelayLimits(), TimeProvider.System, log))
                    {
                        relay.Start();
                        await relay.RunAsync(stopping.Token).ConfigureAwait(false);
                    }

                    return 0;
                case ["version"]:
                    Console.WriteLine(typeof(Program).Assembly.GetName().Version?.ToString(3));
                    return 0;
                default:
                    await Console.Error.WriteLineAsync(Usage).ConfigureAwait(false);
                    return 2;
            }
        }
        catch (Exception exception)
        {
            // The journal gets one sentence; systemd starts the program again.
            log.Error(exception.Message, ("cause", exception.InnerException?.Message ?? exception.GetType().Name));
            return 1;
        }
    }
}
