using System.Collections.Immutable;
using System.Security.Cryptography;
using Tarmak.Grains;
using Tarmak.Grains.Providers;
using Tarmak.Model.Resources;
using Tarmak.Providers;
using Tarmak.Providers.Conformance;
using Tarmak.Providers.Conformance.Reports;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Operators;

/// <summary>
/// Runs the conformance kit against a declared provider, as an installation of its own: nothing of what this one owns is
/// seen or touched by it.
/// </summary>
internal sealed class ConformanceRun(
    DeclarationReader declarations, ProviderCatalog providers, InstallationIdentity installation, AuditLog audit, TimeProvider time)
{
    private static readonly Dictionary<string, Func<ConformanceReport, string>> Formats = new(StringComparer.Ordinal)
    {
        [""] = static _ => "",
        ["md"] = MarkdownReport.Write,
        ["junit"] = JUnitReport.Write,
        ["json"] = JsonReport.Write,
    };

    public async Task RunAsync(V1.ConformanceRequest request, string who, Func<V1.ConformanceResponse, Task> send, CancellationToken cancellationToken)
    {
        if (!Formats.TryGetValue(request.Format, out var write))
        {
            throw Refusal.InvalidArgument($"'{request.Format}' is no format of a report; there are {string.Join(", ", Formats.Keys.Where(f => f.Length > 0))}.");
        }

        var checks = ConformanceKit.All.Where(c => request.Capability.Length == 0 || c.Capability == request.Capability).ToList();
        if (checks.Count == 0)
        {
            throw Refusal.InvalidArgument($"'{request.Capability}' is no capability; there are {string.Join(", ", CapabilityNames.All)}.");
        }

        var declared = await declarations.ReadAsync(cancellationToken);
        var stored = declared.Providers.FirstOrDefault(p => p.Name == request.Provider)
            ?? throw Refusal.NotFound($"There is no provider {request.Provider}; apply its manifest.");

        audit.ConformanceBegun(who, request.Provider);
        var run = $"conformance{Guid.NewGuid():N}"[..24];
        var home = Directory.CreateDirectory(Path.Combine(installation.HomeDirectory, run));
        try
        {
            var subject = new ConformanceSubject(stored.Name, run, () => providers.Create(stored.Name, stored.Spec, new InstallationIdentity(run, home.FullName)))
            {
                Zone = request.Zone.Length == 0 ? null : request.Zone,
                OpenAs = other => providers.Create(stored.Name, stored.Spec, new InstallationIdentity(other, home.FullName)),
            };
            var kit = new ConformanceKit(time) { Seed = request.Seed == 0 ? RandomNumberGenerator.GetInt32(1, int.MaxValue) : request.Seed };
            var results = ImmutableArray.CreateBuilder<CheckResult>();
            await foreach (var result in kit.StreamAsync(subject, checks, cancellationToken))
            {
                results.Add(result);
                await send(new V1.ConformanceResponse { Result = ToContract(result) });
            }

            var report = new ConformanceReport(stored.Name, results.ToImmutable()) { Seed = kit.Seed };
            await send(new V1.ConformanceResponse { Report = new V1.ConformanceReport { Passed = report.Passed, Text = write(report), Seed = report.Seed } });
        }
        catch (ProviderException refused)
        {
            throw Refusal.Precondition(refused.Message, Refusal.PreflightType, $"provider {stored.Name}");
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    private static V1.CheckResult ToContract(CheckResult result) => new()
    {
        Check = result.Check.Id,
        Demand = result.Check.Demand,
        Outcome = result.Outcome switch
        {
            CheckOutcome.Passed => V1.CheckResult.Types.Outcome.Passed,
            CheckOutcome.Failed => V1.CheckResult.Types.Outcome.Failed,
            _ => V1.CheckResult.Types.Outcome.NotOffered,
        },
        Message = result.Message,
        Seconds = result.Duration.TotalSeconds,
    };
}
