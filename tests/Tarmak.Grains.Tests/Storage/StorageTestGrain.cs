using Orleans.Runtime;
using Tarmak.Grains.Storage;

namespace Tarmak.Grains.Tests.Storage;

public interface IStorageTestGrain : IGrainWithStringKey
{
    Task<string?> GetAsync();

    Task SetAsync(string value);

    Task ClearAsync();

    Task RemindAsync(string name);

    Task<bool> ForgetAsync(string name);

    Task<List<string>> RemindersAsync();
}

public sealed class StorageTestState
{
    public string? Value { get; set; }
}

public sealed class StorageTestGrain(
    [PersistentState("test", StorageHostingExtensions.SettingsStorage)] IPersistentState<StorageTestState> state, ReminderProbe probe)
    : Grain, IStorageTestGrain, IRemindable
{
    public Task<string?> GetAsync() => Task.FromResult(state.State.Value);

    public async Task SetAsync(string value)
    {
        state.State.Value = value;
        await state.WriteStateAsync();
    }

    public Task ClearAsync() => state.ClearStateAsync();

    public Task RemindAsync(string name) =>
        this.RegisterOrUpdateReminder(name, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

    public async Task<bool> ForgetAsync(string name)
    {
        if (await this.GetReminder(name) is not { } reminder)
        {
            return false;
        }

        await this.UnregisterReminder(reminder);
        return await this.GetReminder(name) is null;
    }

    public async Task<List<string>> RemindersAsync() => [.. (await this.GetReminders()).Select(reminder => reminder.ReminderName)];

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        probe.Tick();
        return Task.CompletedTask;
    }
}

/// <summary>Tells a test that a reminder ticked.</summary>
public sealed class ReminderProbe
{
    private TaskCompletionSource _ticked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Ticked => _ticked.Task;

    public void Tick() => _ticked.TrySetResult();

    public void Reset() => _ticked = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
