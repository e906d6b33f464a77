using Tarmak.Machines;
using Tarmak.Machines.State;

namespace Tarmak.Providers.Conformance.Sweep;

/// <summary>What a machine of the kit committed: the text an engine stores. It outlives every death.</summary>
/// <param name="address">Where the machine is.</param>
internal sealed class KitDisk(MachineAddress address)
{
    private string? text;

    /// <summary>The newest state.</summary>
    public MachineState Read() => text is null ? new MachineState { Address = address } : MachineJson.Read(text);

    /// <summary>Commits a state.</summary>
    public void Write(MachineState state) => text = MachineJson.Write(state);
}
