namespace Tuner.Argo.Kubernetes;

/// <summary>Paths of the Kubernetes REST API.</summary>
public static class ResourcePath
{
    public static string Workflows(string place, string? name = null) => Of("argoproj.io/v1alpha1", place, "workflows", name);

    public static string WorkflowTemplates(string place, string? name = null) => Of("argoproj.io/v1alpha1", place, "workflowtemplates", name);

    public static string Pods(string place, string? name = null) => Of("v1", place, "pods", name);

    public static string Events(string place) => Of("v1", place, "events");

    public static string Services(string place, string? name = null) => Of("v1", place, "services", name);

    public static string Endpoints(string place, string? name = null) => Of("v1", place, "endpoints", name);

    public static string ConfigMaps(string place, string? name = null) => Of("v1", place, "configmaps", name);

    public static string Secrets(string place, string? name = null) => Of("v1", place, "secrets", name);

    /// <summary><c>apis/GROUP/VERSION/namespaces/PLACE/PLURAL/NAME</c>; the core group stands under <c>api</c>.</summary>
    public static string Of(string apiVersion, string place, string plural, string? name = null) =>
        $"{Root(apiVersion)}/namespaces/{Uri.EscapeDataString(place)}/{plural}{(name is null ? "" : $"/{Uri.EscapeDataString(name)}")}";

    /// <summary>Where the API server tells what resources a version has.</summary>
    public static string Root(string apiVersion) => apiVersion.Contains('/', StringComparison.Ordinal) ? $"apis/{apiVersion}" : $"api/{apiVersion}";
}
