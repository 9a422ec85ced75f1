namespace Tuner.Service.Storage;

/// <summary>Why a database cannot be opened.</summary>
public enum DatabaseTrouble
{
    /// <summary>What was written names no database.</summary>
    Misnamed,

    /// <summary>It may open by itself later: a server that is not up yet, a disk that is full.</summary>
    Passing,

    /// <summary>Somebody has to do something about it: a wrong password, a newer version's schema.</summary>
    Lasting,
}
