using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using Grpc.Core;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Plugins.Calls;
using Tarmak.Providers.Plugins.Installation;

namespace Tarmak.Providers.Plugins.Processes;

/// <summary>Asks a plugin what it is, and believes it only where it is what its folder says.</summary>
internal sealed class Handshake(InstalledPlugin plugin, PluginLimits limits, TimeProvider time)
{
    /// <summary>The only version of the protocol there is yet.</summary>
    public const uint Protocol = 1;

    private string Shown => $"Plugin {plugin.Type}";

    /// <exception cref="ProviderException">It is not what it should be, or did not say.</exception>
    public async Task MakeAsync(PluginLink link, CancellationToken closing)
    {
        using var limit = new CancellationTokenSource(limits.Handshake, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, closing);
        try
        {
            var request = new V1.HandshakeRequest { ProtocolMin = Protocol, ProtocolMax = Protocol, Type = plugin.Type };
            Check(await new V1.Plugin.PluginClient(link.Invoker).HandshakeAsync(request, cancellationToken: either.Token).ConfigureAwait(false));
        }
        catch (RpcException) when (closing.IsCancellationRequested)
        {
            throw new ProviderException(ErrorClass.Transient, $"{Shown} is ended with the engine.");
        }
        catch (RpcException fault)
        {
            throw await TranslateAsync(fault, link, limit.IsCancellationRequested).ConfigureAwait(false);
        }
    }

    private void Check(V1.HandshakeResponse said)
    {
        if (said.ProtocolVersion != Protocol)
        {
            throw Terminal(string.Create(
                CultureInfo.InvariantCulture, $"{Shown} answers with protocol version {said.ProtocolVersion}, and this engine speaks {Protocol}; install a version of it for this engine."));
        }

        if (said.Type != plugin.Type)
        {
            throw Terminal($"{Shown} says that it is of type \"{Untrusted.Sentence(said.Type, 40)}\"; {plugin.Place} holds another plugin than its name tells.");
        }

        if (SheetReader.Parse(said.Sheet) is not { } sheet)
        {
            throw Terminal($"{Shown} tells a requirement sheet that cannot be read; it must be \"sheet\" of its {PluginFile.Name}.");
        }

        if (!SheetReader.Same(sheet, plugin.File.Sheet!))
        {
            throw Terminal($"{Shown} tells another requirement sheet than its {PluginFile.Name} in {plugin.Folder}; install both from one version of it.");
        }
    }

    private async Task<ProviderException> TranslateAsync(RpcException fault, PluginLink link, bool tooLate)
    {
        if (tooLate)
        {
            return new ProviderException(
                ErrorClass.Transient, $"{Shown} did not answer its handshake within {limits.Handshake.TotalSeconds:0.#} s{(link.Process is null ? "" : " and was ended")}; see what it waits for at its start.");
        }

        if (link.Process is { } process)
        {
            // A broken connection is noticed before the end of the process that broke it.
            await Task.WhenAny(process.Exited, Task.Delay(PluginCalls.EndNotice, time)).ConfigureAwait(false);
            if (process.Exited.IsCompleted)
            {
                return new ProviderException(ErrorClass.Transient, $"{Shown} {process.Ending} before it answered its handshake; the engine's log has its last words.");
            }
        }

        var cause = fault.Status.DebugException?.GetBaseException();
        return fault.StatusCode switch
        {
            StatusCode.Unimplemented => Terminal($"{Shown} does not speak tarmak.plugin.v1; install a version of it for this engine."),
            StatusCode.Unauthenticated or StatusCode.PermissionDenied => Terminal($"{Shown} does not take the engine's token; it must take what its standard input gave it."),
            _ when cause is AuthenticationException => new ProviderException(
                ErrorClass.Unauthenticated, $"{Shown} at {plugin.Place} and the engine do not trust each other's certificates ({cause.Message}); compare authority, certificate and key on both sides."),

            // Under TLS 1.3 a client learns so that its certificate is not taken; in the middle of which frame, and so under
            // which status, is chance.
            _ when link.Process is null && WasDropped(fault.Status.DebugException) => new ProviderException(
                ErrorClass.Unauthenticated, $"{Shown} at {plugin.Place} ends the connection as soon as it is made, as one does that does not trust the engine's certificate; compare authority, certificate and key on both sides."),
            StatusCode.Unavailable when link.Process is null => new ProviderException(
                ErrorClass.Transient, $"{Shown} cannot be reached at {plugin.Place}: {Untrusted.Sentence(cause?.Message ?? "no connection", 200)}"),
            _ => Terminal($"{Shown} answers its handshake with {fault.StatusCode} instead of what it is; it has a fault of its own."),
        };
    }

    private static bool WasDropped(Exception? fault)
    {
        for (; fault is not null; fault = fault.InnerException)
        {
            if (fault is SocketException { SocketErrorCode: not SocketError.ConnectionReset })
            {
                return false;
            }

            if (fault is IOException)
            {
                return true;
            }
        }

        return false;
    }

    private static ProviderException Terminal(string sentence) => new(ErrorClass.Terminal, sentence);
}
