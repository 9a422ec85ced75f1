namespace Tuner.Service.Reports;

/// <summary>The faces of one report as files.</summary>
/// <param name="Html">Full paths.</param>
public sealed record ReportFiles(string Html, string Markdown, string Json)
{
    /// <summary>Writes every face into the folder; each file is whole or not there.</summary>
    public static ReportFiles Write(Report report, string folder) => new(
        Put(folder, "report.html", ReportHtml.Write(report)),
        Put(folder, "report.md", ReportMarkdown.Write(report)),
        Put(folder, "report.json", ReportJson.Write(report)));

    private static string Put(string folder, string name, string content)
    {
        var path = Path.Combine(folder, name);
        var partial = path + ".partial";
        File.WriteAllText(partial, content);
        File.Move(partial, path, overwrite: true);
        return path;
    }
}
