using System.Text.Json;

namespace Tuner.Service.Notifications;

/// <summary>An event in the shape that a receiver takes.</summary>
public static class Payloads
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static string Write(NotifiedEvent told, PayloadKind kind) => kind switch
    {
        PayloadKind.Slack => JsonSerializer.Serialize(new { text = $"*{Escape(told.Name)}* {Mark(told.Kind)} {Escape(told.Text)} (`{Escape(told.Sweep)}`)" }, Json),
        PayloadKind.GitHub => JsonSerializer.Serialize(new { event_type = "tuner." + told.Kind, client_payload = told }, Json),
        _ => JsonSerializer.Serialize(told, Json),
    };

    private static string Mark(string kind) => kind switch
    {
        "gate.fail" or "sweep.failed" => ":red_circle:",
        "gate.warning" => ":warning:",
        _ => ":white_check_mark:",
    };

    // Slack reads these three as markup.
    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
