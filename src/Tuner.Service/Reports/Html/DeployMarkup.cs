namespace Tuner.Service.Reports.Html;

/// <summary>How to run the winner, and how to go back.</summary>
internal static class DeployMarkup
{
    public static Markup Render(Report report)
    {
        var section = new MarkupWriter();
        section.Add($"""<section aria-labelledby="deploy"><h2 id="deploy">Deploy it</h2>""");
        if (report.Deploy is not { } deploy)
        {
            section.Add($"<p>There is no winner to deploy.</p></section>\n");
            return section.ToMarkup();
        }

        section.Add($"<p>{Words.Counted(deploy.Replicas, "replica")}{(deploy.InstanceType is { } instance ? $" on {instance}" : "")}. Values of variables that look secret are hidden.</p>");
        Block(section, "Command line", deploy.CommandLine);
        Block(section, "Environment (.env)", deploy.EnvFile);
        if (deploy.RollbackEnvFile is not null)
        {
            section.Add($"<details><summary>To go back to the baseline</summary>");
            Block(section, "Command line", deploy.RollbackCommandLine);
            Block(section, "Environment (.env)", deploy.RollbackEnvFile);
            section.Add($"</details>");
        }

        section.Add($"</section>\n");
        return section.ToMarkup();
    }

    private static void Block(MarkupWriter section, string title, string? content)
    {
        if (content is not null)
        {
            section.Add($"""<h3>{title}</h3><div class="copyable"><pre>{content}</pre></div>""");
        }
    }
}
