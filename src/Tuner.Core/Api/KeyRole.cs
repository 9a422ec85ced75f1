namespace Tuner.Core.Api;

/// <summary>What a key may do; each role may do what the ones before it may.</summary>
public enum KeyRole
{
    /// <summary>Read everything in its projects.</summary>
    Reader,

    /// <summary>Submit, cancel, pause, resume and delete sweeps of its projects.</summary>
    Operator,

    /// <summary>Keys, price books and the audit log, in all projects.</summary>
    Admin,
}
