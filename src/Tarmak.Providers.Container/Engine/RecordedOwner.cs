using Tarmak.Machines.Steps;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Container.Engine;

/// <summary>Whose an object is that is a record of this provider and no object of the engine.</summary>
/// <param name="Owner">The owner's marks.</param>
/// <param name="Incarnation">Which object in the line of replacements.</param>
internal sealed record RecordedOwner(OwnerMarks Owner, int Incarnation)
{
    public static RecordedOwner Of(ResourceCall call) => new(call.Marks, call.Incarnation);

    public bool IsOwn(ResourceCall call) => Owner.Installation == call.Marks.Installation && Owner.Uid == call.Marks.Uid;

    public bool IsThis(ResourceCall call) => IsOwn(call) && Incarnation == call.Incarnation;

    /// <summary>Refuses a call that would change what is somebody else's, or a later incarnation's.</summary>
    public void RefuseOthers(ResourceCall call, string thing, string name)
    {
        if (!IsOwn(call))
        {
            throw EngineFaultException.Failed(ErrorClass.Conflict, Labels.Foreign(thing, name));
        }

        Labels.RefuseLate(Incarnation, call, thing);
    }
}
