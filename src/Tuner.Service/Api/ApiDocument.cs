using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Tuner.Service.Api;

/// <summary>What the OpenAPI document says beside the routes.</summary>
internal static class ApiDocument
{
    private const string Scheme = "key";

    public static void Configure(OpenApiOptions options)
    {
        options.AddOperationTransformer((operation, _, _) =>
        {
            // YAML is text to whoever sends it, whatever the same body is as JSON.
            foreach (var (_, content) in (operation.RequestBody?.Content ?? new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)).Where(pair => pair.Key.Contains("yaml", StringComparison.Ordinal) || pair.Key.StartsWith("text/", StringComparison.Ordinal)))
            {
                content.Schema = new OpenApiSchema { Type = JsonSchemaType.String };
            }

            return Task.CompletedTask;
        });
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Tuner",
                Version = "v1",
                Description = "Finds the cheapest configuration of a service that still meets its latency SLOs, and proves it. Errors are problem+json; those of a definition carry every error with its path.",
            };

            // The address is the reader's own: the document is the same wherever it is served.
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
            {
                [Scheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key. On a loopback address without keys, none is needed." },
            };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
            return Task.CompletedTask;
        });
    }
}
