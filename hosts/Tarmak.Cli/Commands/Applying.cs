using Tarmak.Cli.Engine;
using ManifestFile = Tarmak.Api.V1.ManifestFile;

namespace Tarmak.Cli.Commands;

/// <summary>Applies manifests for the commands that do.</summary>
internal static class Applying
{
    /// <summary>Longest time a call that changes nothing may take.</summary>
    public static readonly TimeSpan CallDeadline = TimeSpan.FromSeconds(60);

    /// <summary>Applies, asking for consent where data would be lost.</summary>
    /// <param name="context">The world.</param>
    /// <param name="connection">The connection to the engine.</param>
    /// <param name="files">The manifests.</param>
    /// <param name="allowed">Names consented to.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static Task<ApplyResponse> RunAsync(
        CliContext context,
        EngineConnection connection,
        IReadOnlyList<ManifestFile> files,
        IReadOnlyList<string> allowed,
        CancellationToken cancellationToken) =>
        Consent.RunAsync(context, allowed, async names =>
        {
            // Each attempt with other consents is a request of its own.
            var request = new ApplyRequest { RequestId = Guid.NewGuid().ToString("N") };
            request.Files.AddRange(files);
            request.AllowDataLoss.AddRange(names);
            return await Sending.RunAsync(
                context, deadline => connection.Client.ApplyAsync(request, deadline: deadline, cancellationToken: cancellationToken));
        });

    /// <summary>The moment a call that begins now has to be answered by.</summary>
    public static DateTime Deadline() => DateTime.UtcNow + CallDeadline;
}
