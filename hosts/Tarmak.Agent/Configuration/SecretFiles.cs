using System.Text.RegularExpressions;
using Tarmak.Agent.Bundles;
using Tarmak.Api.Agent.V1;
using AgentContract = Tarmak.Api.Agent.V1.Agent;

namespace Tarmak.Agent.Configuration;

/// <summary>Secrets the bundle names, resolved into memory-backed files for Puppet.</summary>
/// <param name="paths">Where files are.</param>
/// <param name="log">The journal.</param>
internal sealed partial class SecretFiles(AgentPaths paths, AgentLog log)
{
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(20);

    /// <summary>Resolves every listed secret anew and removes the others. One at hand serves while the engine is away.</summary>
    /// <param name="names">The names.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>A task.</returns>
    /// <exception cref="AgentException">A secret is missing and could not be had.</exception>
    public async Task EnsureAsync(IReadOnlyList<string> names, AgentContract.AgentClient engine, CancellationToken cancellationToken)
    {
        AgentFiles.MakePrivateDirectory(paths.SecretsDirectory);
        foreach (string path in Directory.GetFiles(paths.SecretsDirectory))
        {
            if (!names.Contains(Path.GetFileName(path)))
            {
                File.Delete(path);
            }
        }

        foreach (string name in names)
        {
            if (!Name().IsMatch(name))
            {
                throw new AgentException("The bundle names a secret by a name no secret can have.");
            }

            string path = Path.Combine(paths.SecretsDirectory, name);
            try
            {
                GetSecretResponse response = await engine.GetSecretAsync(
                    new GetSecretRequest { Reference = $"secret://{name}" },
                    deadline: DateTime.UtcNow + CallLimit, cancellationToken: cancellationToken).ConfigureAwait(false);
                AgentFiles.Write(path, response.Value.Span, AgentFiles.Private);
            }
            catch (Grpc.Core.RpcException exception) when (File.Exists(path))
            {
                log.Warning("A secret could not be read again; the one at hand serves.", ("secret", name), ("error", exception.Status.Detail));
            }
            catch (Grpc.Core.RpcException exception)
            {
                throw new AgentException($"Secret {name} could not be had: {exception.Status.Detail}", exception);
            }
        }
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,127}$")]
    private static partial Regex Name();
}
