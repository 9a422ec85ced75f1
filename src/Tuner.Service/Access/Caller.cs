using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Tuner.Core.Api;
using Tuner.Service.Storage;

namespace Tuner.Service.Access;

/// <summary>Who sent a request, and what they may see.</summary>
/// <param name="Name">For the audit log: the key's name and id, or the local user.</param>
/// <param name="Projects">Empty means all.</param>
public sealed record Caller(string Name, KeyRole Role, ImmutableArray<string> Projects)
{
    private const string ProjectClaim = "project";

    /// <summary>Whoever works on this machine, where no keys are asked for.</summary>
    public static Caller LocalUser { get; } = new("local user", KeyRole.Admin, []);

    /// <summary>The project that counts where a request names none.</summary>
    public string UsualProject => Projects is [var only] ? only : StoredSweep.DefaultProject;

    public bool Sees(string project) => Projects.IsEmpty || Projects.Contains(project, StringComparer.Ordinal);

    public static Caller Of(ClaimsPrincipal user) => new(
        user.Identity?.Name ?? "",
        Enum.Parse<KeyRole>(user.FindFirstValue(ClaimTypes.Role) ?? nameof(KeyRole.Reader)),
        [.. user.FindAll(ProjectClaim).Select(claim => claim.Value)]);

    public ClaimsPrincipal ToPrincipal(string scheme) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.Name, Name),
            new Claim(ClaimTypes.Role, Role.ToString()),
            .. Projects.Select(project => new Claim(ProjectClaim, project)),
        ],
        scheme));

    /// <summary>Lets handlers take a caller as a parameter.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context) => ValueTask.FromResult<Caller?>(Of(context.User));
}
