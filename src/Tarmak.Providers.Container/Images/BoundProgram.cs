using System.Diagnostics;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Container.Engine;

namespace Tarmak.Providers.Container.Images;

/// <summary>Runs programs of the host that end with this process, however it ends.</summary>
internal static class BoundProgram
{
    /// <summary>Where a program is; null where it is not installed.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':').Append("/usr/sbin").Append("/sbin")
        .Where(f => f.Length > 0).Select(f => Path.Combine(f, program)).FirstOrDefault(File.Exists);

    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <returns>A task.</returns>
    /// <exception cref="EngineFaultException">It failed.</exception>
    public static Task RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        string[] command = [Find(program) ?? program, .. arguments];
        if (Find("setpriv") is { } setpriv)
        {
            command = [setpriv, "--pdeathsig", "KILL", .. command];
        }

        // Linux sends that signal when the thread ends that started the program, and a pool's threads come and go: this
        // one stays as long as the program.
        return Task.Factory.StartNew(
            () => Run(program, command, cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private static void Run(string program, string[] command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true },
        };
        var last = new Queue<string>();
        void Keep(object sender, DataReceivedEventArgs line)
        {
            lock (last)
            {
                last.Enqueue(line.Data ?? string.Empty);
                while (last.Count > 5)
                {
                    last.Dequeue();
                }
            }
        }

        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using (cancellationToken.Register(() => process.Kill(entireProcessTree: true)))
        {
            process.WaitForExit();
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (process.ExitCode != 0)
        {
            string said;
            lock (last)
            {
                said = string.Join(' ', last).Trim();
            }

            throw EngineFaultException.Failed(ErrorClass.Transient, $"{program} failed while the machine image was built: {said}");
        }
    }
}
