using Tarmak.Grains.Budgets;
using Tarmak.Grains.Drivers;
using Tarmak.Grains.Storage;
using Tarmak.Grains.Telemetry;

namespace Tarmak.Grains.Machines;

/// <summary>What every machine's grain works with.</summary>
/// <param name="Store">Keeps states.</param>
/// <param name="Answers">Remembers what commands were answered.</param>
/// <param name="Drivers">Finds and calls drivers.</param>
/// <param name="Budgets">Leases calls.</param>
/// <param name="Instruments">Spans and metrics.</param>
/// <param name="Time">The clock.</param>
public sealed record MachineServices(
    IMachineStore Store, IAnsweredRequests Answers, DriverCatalog Drivers, CallBudgets Budgets, MachineInstruments Instruments, TimeProvider Time);
