using Grpc.Core;
using Tarmak.Grains.Abstractions;
using Tarmak.Grains.Storage;
using V1 = Tarmak.Api.V1;
using Action = Tarmak.Api.V1.DocumentResult.Types.Action;

namespace Tarmak.Gateway.Operators;

/// <summary>Has the documents of a request accepted one after the other. Where it ends midway, the failure tells of each what became of it.</summary>
internal sealed class DocumentRun(AuditLog audit, GatewayInstruments instruments)
{
    /// <exception cref="RpcException">A document was refused.</exception>
    /// <exception cref="UnfinishedException">A document could not be answered.</exception>
    public async Task<IReadOnlyList<V1.DocumentResult>> RunAsync(string verb, string who, IReadOnlyList<DocumentCommand> commands)
    {
        List<V1.DocumentResult> documents = [];
        foreach (var command in commands)
        {
            var key = command.Key;
            using var span = instruments.StartCommand(verb, key);
            AcceptResult result;
            try
            {
                result = await command.Accept();
            }
            catch (Exception failure) when (failure is not RpcException)
            {
                var outcome = StorageException.Behind(failure) is { } storage
                    ? Documents.Of(key, Action.Refused, storage.Message)
                    : Documents.Of(key, Action.Unanswered, "It was not answered and may have been accepted.");
                throw new UnfinishedException(All(documents, outcome, commands), failure);
            }

            if (result.Refusal is { } why)
            {
                audit.Refused(who, verb, KindNames.Of(key.Kind), key.Path, command.Id, why);
                var refusal = result.Precondition
                    ? Refusal.Precondition(why, Refusal.StateType, key.Path)
                    : Refusal.InvalidArgument(why);
                throw Refusal.With(refusal, All(documents, Documents.Of(key, Action.Refused, why), commands));
            }

            audit.Accepted(who, verb, KindNames.Of(key.Kind), key.Path, command.Id, result);
            documents.Add(Documents.Of(key, result));
        }

        return documents;
    }

    private static List<V1.DocumentResult> All(List<V1.DocumentResult> done, V1.DocumentResult failed, IReadOnlyList<DocumentCommand> commands) =>
        [.. done, failed, .. commands.Skip(done.Count + 1).Select(c => Documents.Of(c.Key, Action.NotReached))];
}
