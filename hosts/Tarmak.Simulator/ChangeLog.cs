using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tarmak.Providers.Simulated.Accounts;
using Tarmak.Providers.Simulated.Calls;

namespace Tarmak.Simulator;

/// <summary>
/// All accounts' changes, appended to one file and on the disk before they are told: a line each, with its check sum. Changes
/// of calls that come together share one write.
/// </summary>
internal sealed class ChangeLog : IAsyncDisposable
{
    /// <summary>Name of the file in its folder.</summary>
    public const string FileName = "changes.log";

    private const int SumLength = 16;

    private readonly Lock gate = new();
    private readonly FileStream file;
    private readonly Task writing;
    private readonly SemaphoreSlim wanted = new(0);
    private readonly TaskCompletionSource<Exception> broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private MemoryStream pending = new();
    private TaskCompletionSource kept = Completed();
    private TaskCompletionSource next = NotYet();
    private bool ended;

    private ChangeLog(FileStream file)
    {
        this.file = file;
        writing = Task.Factory.StartNew(WriteAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Ends when the log cannot be written any more, with the reason.</summary>
    public Task<Exception> Broken => broken.Task;

    /// <summary>Opens the log, tells what is in it, and cuts off what was written half.</summary>
    /// <param name="folder">Its folder; made where it is not there.</param>
    /// <param name="replay">Is told each account and change, in their order.</param>
    /// <exception cref="InvalidDataException">It is damaged before its end.</exception>
    /// <exception cref="IOException">It cannot be used, or another process uses it.</exception>
    public static ChangeLog Open(string folder, Action<string, AccountChange> replay)
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var path = Path.Combine(folder, FileName);
        var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 1 << 16,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        try
        {
            var good = Replay(file, path, replay);
            file.SetLength(good);
            file.Position = good;
            file.Flush(flushToDisk: true);
            return new ChangeLog(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The part of the log that an account writes.</summary>
    public IAccountJournal Of(string account) => new Journal(this, account);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            ended = true;
        }

        wanted.Release();
        await writing;
        await file.DisposeAsync();
        wanted.Dispose();
    }

    /// <summary>Tells each whole line; gives where the last one ends.</summary>
    private static long Replay(FileStream file, string path, Action<string, AccountChange> replay)
    {
        var line = new MemoryStream();
        long good = 0;
        for (int read; (read = file.ReadByte()) >= 0;)
        {
            if (read != '\n')
            {
                line.WriteByte((byte)read);
                continue;
            }

            if (Read(line.GetBuffer().AsSpan(0, (int)line.Length)) is not { } entry)
            {
                return file.Position == file.Length
                    ? good
                    : throw new InvalidDataException($"The log {path} is damaged at byte {good}, and more follows: it is not what a process that was ended leaves. Move it away to begin with an empty cloud.");
            }

            replay(entry.Account, entry.Change);
            line.SetLength(0);
            good = file.Position;
        }

        return good;
    }

    private static LogEntry? Read(ReadOnlySpan<byte> line)
    {
        if (line.Length <= SumLength || line[SumLength] != ' ' || !line[..SumLength].SequenceEqual(Sum(line[(SumLength + 1)..])))
        {
            return null;
        }

        return JsonSerializer.Deserialize(line[(SumLength + 1)..], LogJson.Default.LogEntry);
    }

    private static byte[] Sum(ReadOnlySpan<byte> content) => Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, SumLength / 2)));

    private static TaskCompletionSource NotYet() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource Completed()
    {
        var source = NotYet();
        source.SetResult();
        return source;
    }

    private void Write(string account, AccountChange change)
    {
        var entry = JsonSerializer.SerializeToUtf8Bytes(new LogEntry(account, change), LogJson.Default.LogEntry);
        lock (gate)
        {
            pending.Write(Sum(entry));
            pending.WriteByte((byte)' ');
            pending.Write(entry);
            pending.WriteByte((byte)'\n');
        }

        wanted.Release();
    }

    private Task KeptAsync()
    {
        lock (gate)
        {
            return pending.Length > 0 ? next.Task : kept.Task;
        }
    }

    private void WriteAll()
    {
        while (true)
        {
            wanted.Wait();
            MemoryStream batch;
            TaskCompletionSource done;
            lock (gate)
            {
                if (pending.Length == 0)
                {
                    if (ended)
                    {
                        return;
                    }

                    continue;
                }

                (batch, pending) = (pending, new MemoryStream());
                (done, kept, next) = (next, next, NotYet());
            }

            try
            {
                file.Write(batch.GetBuffer(), 0, (int)batch.Length);
                file.Flush(flushToDisk: true);
                done.SetResult();
            }
            catch (IOException fault)
            {
                // What is in memory is not on the disk, and will never be: nobody may be told of it.
                broken.TrySetResult(fault);
                done.SetException(fault);
                return;
            }
        }
    }

    private sealed class Journal(ChangeLog log, string account) : IAccountJournal
    {
        public void Write(AccountChange change) => log.Write(account, change);

        public async Task KeptAsync()
        {
            var kept = log.KeptAsync();
            await Task.WhenAny(kept, log.Broken);
            await (log.Broken.IsCompleted && !kept.IsCompletedSuccessfully ? Task.FromException(await log.Broken) : kept);
        }
    }
}
