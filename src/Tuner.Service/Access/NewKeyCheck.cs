using Tuner.Core.Api;

namespace Tuner.Service.Access;

/// <summary>Whether a key may be made as asked for.</summary>
public static class NewKeyCheck
{
    private const int LongestName = 80;

    /// <summary>What is wrong, with its cure; null where nothing is.</summary>
    public static string? Problem(NewKey key) =>
        string.IsNullOrWhiteSpace(key.Name) || key.Name.Length > LongestName || key.Name.Any(char.IsControl) ? $"name: '{Short(key.Name)}' is no name. Say in 1 to {LongestName} characters whom the key is for."
        : key.Projects.Any(project => project is null) ? "projects: null is no name of a project. Leave it out."
        : key.Projects.FirstOrDefault(project => !ProjectName.IsValid(project)) is { } bad ? $"projects: {ProjectName.Problem(bad)}"
        : key is { Role: KeyRole.Admin, Projects.IsEmpty: false } ? "projects: an admin sees all of them. Name no project, or choose the role operator."
        : key is { Role: not KeyRole.Admin, Projects.IsEmpty: true } ? "projects: name at least one, for example 'default'. Only an admin sees all of them."
        : null;

    private static string Short(string name) => name.Length <= LongestName ? name : name[..LongestName] + "…";
}
