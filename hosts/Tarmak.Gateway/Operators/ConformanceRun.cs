using System.Collections.Immutable;
using System.Security.Cryptography;
using Tarmak.Grains;
using Tarmak.Grains.Abstractions;
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
        var stored = Find(declared, request.Provider);
        var other = request.Other.Length == 0 ? null : Find(declared, request.Other);

        audit.ConformanceBegun(who, request.Provider);
        var run = $"conformance{Guid.NewGuid():N}"[..24];
        var home = Directory.CreateDirectory(Path.Combine(installation.HomeDirectory, run));
        try
        {
            var subject = Subject(stored, run, home.FullName, request.Zone) with
            {
                OpenAs = another => providers.Create(stored.Name, stored.Spec, new InstallationIdentity(another, home.FullName)),
                Other = other is null ? null : Subject(other, run, home.FullName, request.OtherZone),
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

    private static StoredProvider Find(Declarations declared, string name) => declared.Providers.FirstOrDefault(p => p.Name == name)
        ?? throw Refusal.NotFound($"There is no provider {name}; apply its manifest.");

    private ConformanceSubject Subject(StoredProvider stored, string run, string home, string zone) =>
        new(stored.Name, run, () => providers.Create(stored.Name, stored.Spec, new InstallationIdentity(run, home))) { Zone = zone.Length == 0 ? null : zone };

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
