namespace Tarmak.Machines.Simulation;

/// <summary>The activation is no more: it was killed, or its state was written by another.</summary>
internal sealed class ActivationLostException : Exception;
