namespace Tarmak.Providers.Container.Tests.Faults;

/// <summary>What becomes of the reply to a call of the container engine.</summary>
internal enum EngineReply
{
    /// <summary>It comes as it is.</summary>
    Sound,

    /// <summary>The call never reaches the engine, and nothing is answered.</summary>
    Never,

    /// <summary>The call never reaches the engine, and what is answered is no HTTP.</summary>
    NoHttp,

    /// <summary>The call never reaches the engine, and is refused.</summary>
    Refused,

    /// <summary>The engine does what it is called for, and its reply is lost.</summary>
    Lost,

    /// <summary>The engine does what it is called for, and its reply ends in the middle.</summary>
    CutOff,
}
