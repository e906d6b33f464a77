namespace Tarmak.Grains.Storage;

/// <summary>A write on its way to the writer.</summary>
internal abstract class PendingWrite
{
    /// <summary>Executes it inside the open transaction. An exception fails this write alone.</summary>
    public abstract void Apply(WriteSession session);

    /// <summary>Keeps the exception for <see cref="Complete"/>.</summary>
    public abstract void Refuse(Exception reason);

    /// <summary>Answers the caller: the transaction is on disk.</summary>
    public abstract void Complete();

    /// <summary>Answers the caller: the transaction failed.</summary>
    public abstract void Fail(Exception reason);
}

/// <summary>A write that answers with a value.</summary>
/// <typeparam name="T">The value's type.</typeparam>
internal sealed class PendingWrite<T>(Func<WriteSession, T> apply) : PendingWrite
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _value;
    private Exception? _refusal;

    public Task<T> Answer => _answer.Task;

    public override void Apply(WriteSession session) => _value = apply(session);

    public override void Refuse(Exception reason) => _refusal = reason;

    public override void Complete()
    {
        if (_refusal is null)
        {
            _answer.TrySetResult(_value!);
        }
        else
        {
            _answer.TrySetException(_refusal);
        }
    }

    public override void Fail(Exception reason) => _answer.TrySetException(reason);
}
