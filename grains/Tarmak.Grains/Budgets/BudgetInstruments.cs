using System.Diagnostics;
using System.Diagnostics.Metrics;
using Tarmak.Machines.Budgets;

namespace Tarmak.Grains.Budgets;

/// <summary>Metrics of accounts' budgets. Their names are in <c>docs/operations/telemetry.md</c>.</summary>
public sealed class BudgetInstruments : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "Tarmak.Budgets";

    private readonly Meter meter;
    private readonly Histogram<double> waits;
    private readonly Counter<long> throttled;

    /// <summary>Makes the instruments.</summary>
    public BudgetInstruments()
    {
        meter = new Meter(Name);
        waits = meter.CreateHistogram<double>("tarmak.budget.wait", "s", "How long a call waited for its account's budget.");
        throttled = meter.CreateCounter<long>("tarmak.budget.throttled", "{call}", "Calls that a cloud refused as too many.");
    }

    /// <summary>A call got its lease.</summary>
    /// <param name="account">The account.</param>
    /// <param name="family">The family of calls.</param>
    /// <param name="urgency">How urgent it was.</param>
    /// <param name="wait">How long it waited.</param>
    public void Waited(string account, string family, CallClass urgency, TimeSpan wait) =>
        waits.Record(wait.TotalSeconds, new TagList { { "tarmak.budget.account", account }, { "tarmak.budget.family", family }, { "tarmak.budget.class", urgency.ToString() } });

    /// <summary>A cloud refused a call as one too many.</summary>
    /// <param name="account">The account.</param>
    /// <param name="family">The family of calls.</param>
    public void Throttled(string account, string family) => throttled.Add(1, Tags(account, family));

    /// <summary>Watches what is allowed and who waits.</summary>
    /// <param name="look">Tells each budget: account, family, calls a second where a limit is known, and how many wait.</param>
    internal void Watch(Func<IEnumerable<(string Account, string Family, double? PerSecond, int Waiting)>> look)
    {
        meter.CreateObservableGauge(
            "tarmak.budget.rate", () => look().Where(b => b.PerSecond is not null).Select(b => new Measurement<double>(b.PerSecond!.Value, Tags(b.Account, b.Family))),
            "{call}/s", "Calls a second that an account is allowed, as far as is known.");
        meter.CreateObservableGauge(
            "tarmak.budget.waiting", () => look().Select(b => new Measurement<int>(b.Waiting, Tags(b.Account, b.Family))),
            "{call}", "Calls of this process that wait for their account's budget.");
    }

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();

    private static TagList Tags(string account, string family) => new() { { "tarmak.budget.account", account }, { "tarmak.budget.family", family } };
}
