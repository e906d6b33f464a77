namespace Tarmak.Machines.Simulation;

/// <summary>A simulated world went wrong; the message holds its seed and the last of its trace.</summary>
public sealed class SimulationFailedException : Exception
{
    /// <summary>Makes the exception.</summary>
    public SimulationFailedException()
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What went wrong.</param>
    public SimulationFailedException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">The cause.</param>
    public SimulationFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
