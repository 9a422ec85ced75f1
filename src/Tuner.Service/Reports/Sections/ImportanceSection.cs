using System.Collections.Immutable;

namespace Tuner.Service.Reports.Sections;

/// <summary>How much each parameter matters by itself for the SLOs, most first.</summary>
public sealed record ImportanceSection(ImportanceSource Source, ImmutableArray<ImportanceRow> Parameters);

/// <summary>Where importance comes from.</summary>
public enum ImportanceSource
{
    /// <summary>Too little was measured to say.</summary>
    None,

    /// <summary>What the search strategy's model predicts over the whole space.</summary>
    Model,

    /// <summary>The measured candidates alone, which were not drawn at random: an indication.</summary>
    Trials,
}

/// <summary>A parameter and the share (0 to 1) of the variance that it explains by itself.</summary>
public sealed record ImportanceRow(string Parameter, double Share);
