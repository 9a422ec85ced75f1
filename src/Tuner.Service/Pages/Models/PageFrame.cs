namespace Tuner.Service.Pages.Models;

/// <summary>What is around every page: who looks at it, and what forms need to be believed.</summary>
public sealed record PageFrame
{
    /// <summary>Null before somebody has signed in.</summary>
    public string? User { get; init; }

    public string? Role { get; init; }

    /// <summary>May submit, pause and cancel.</summary>
    public bool CanOperate { get; init; }

    /// <summary>By a key in a cookie, so that signing out means something.</summary>
    public bool SignedIn { get; init; }

    /// <summary>Which entry of the navigation this is.</summary>
    public string Here { get; init; } = "";

    /// <summary>The antiforgery token and the name of its field.</summary>
    public string? Token { get; init; }

    public string? TokenField { get; init; }
}
