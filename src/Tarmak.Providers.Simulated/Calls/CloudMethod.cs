namespace Tarmak.Providers.Simulated.Calls;

/// <summary>What the simulated cloud's own interface can do. Scenarios and latencies name these, in camelCase.</summary>
internal enum CloudMethod
{
    /// <summary>Reads one object.</summary>
    Describe,

    /// <summary>Reads a page of objects.</summary>
    List,

    /// <summary>Makes an object.</summary>
    Create,

    /// <summary>Changes an object.</summary>
    Update,

    /// <summary>Removes an object.</summary>
    Delete,

    /// <summary>Reads a record: a secret, or what is written beside an object.</summary>
    ReadRecord,

    /// <summary>Writes a record where there is none.</summary>
    CreateRecord,

    /// <summary>Writes a record over a version.</summary>
    SetRecord,

    /// <summary>Removes a record.</summary>
    DeleteRecord,

    /// <summary>Reads all records below a prefix.</summary>
    ListRecords,

    /// <summary>Reads the content of a bucket's key.</summary>
    ReadContent,

    /// <summary>Writes the content of a bucket's key.</summary>
    WriteContent,

    /// <summary>Removes a bucket's key.</summary>
    DeleteContent,

    /// <summary>Reads the keys of a bucket.</summary>
    ListContents,

    /// <summary>Has a machine's metadata give evidence of it.</summary>
    GiveEvidence,

    /// <summary>Says which machine evidence is of.</summary>
    CheckEvidence,

    /// <summary>Says whether a packet would come to its machine.</summary>
    TryPacket,

    /// <summary>Has a machine pull an image from a repository.</summary>
    PullImage,

    /// <summary>Has a machine push an image of its own into a repository.</summary>
    PushImage,
}
