namespace Tarmak.EndToEnd.Tests.Harness;

/// <summary>What happens at one changing call.</summary>
internal sealed class Trap(int callNumber, bool before, Func<Task> spring)
{
    private readonly TaskCompletionSource<string> sprung = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int CallNumber { get; } = callNumber;

    public bool Before { get; } = before;

    public bool Sprung { get; private set; }

    /// <summary>Completes with the call's first line once the trap has gone.</summary>
    public Task<string> WhenSprung => sprung.Task;

    public async Task SpringAsync(string line)
    {
        if (Sprung)
        {
            return;
        }

        Sprung = true;
        await spring();
        sprung.SetResult(line);
    }
}
