namespace Tuner.Service.Access;

/// <summary>Names of projects: lower-case letters, digits and hyphens.</summary>
internal static class ProjectName
{
    private const int Longest = 63;

    public static bool IsValid(string name) =>
        name.Length is > 0 and <= Longest && name.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '-') && name[0] is not '-';

    public static string Problem(string name) => $"'{name}' is no name of a project. Write 1 to {Longest} lower-case letters, digits and hyphens, such as team-vision.";
}
