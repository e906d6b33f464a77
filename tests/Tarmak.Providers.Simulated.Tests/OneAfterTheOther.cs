// A virtual clock waits for whatever the process runs; tests beside each other would only wait for each other.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
