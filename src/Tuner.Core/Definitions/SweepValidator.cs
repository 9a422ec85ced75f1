using System.Collections.Immutable;
using Tuner.Core.Expressions;
using Tuner.Core.Pricing;
using Tuner.Core.Search;
using Tuner.Core.Space;
using Tuner.Core.Sweeps;

namespace Tuner.Core.Definitions;

/// <summary>Turns what the user wrote into a sweep, or says everything that is wrong with it at once.</summary>
public static class SweepValidator
{
    /// <summary>Pure but for the files it reads through <paramref name="inputs"/>: the same definition and inputs give the same answer.</summary>
    public static SweepValidation Validate(SweepDefinition definition, SweepInputs inputs)
    {
        var problems = new ProblemList();
        ShapeCheck.Check(SweepShape.Root, definition.Root, problems);
        var sweep = definition.Root is MappingNode
            ? Bind(new Section(SweepShape.Root, definition.Root, Place.Of("", definition.Root), problems), definition, inputs)
            : null;
        return new SweepValidation(problems.HasErrors ? null : sweep, problems.InOrder());
    }

    private static Sweep? Bind(Section root, SweepDefinition definition, SweepInputs inputs)
    {
        var problems = root.Problems;
        var book = CostBinding.Book(root, inputs);
        var parameters = CostBinding.WithInstanceType(root, SpaceBinding.Parameters(root), book);
        var instances = book is null ? [] : CostBinding.Instances(root, parameters, book);
        var target = TargetBinding.Read(root, parameters, inputs);
        var names = Names(root, parameters);
        parameters = SpaceBinding.WithConditions(root, parameters, names);
        var space = new SearchSpace { Parameters = parameters, Constraints = SpaceBinding.Constraints(root, names), Instances = instances };
        var cost = book is null ? null : CostBinding.Model(root, book, target, parameters, names);
        var load = LoadBinding.Read(root, names, inputs.Files);
        var slos = SloBinding.Read(root, load);
        var reported = ReportedBinding.Read(root);
        var search = SettingsBinding.Search(root, inputs.Strategies, cost?.Currency);
        var measurement = SettingsBinding.Measurement(root);
        var verification = SettingsBinding.Verification(root);
        var budget = SettingsBinding.Budget(root, cost?.Currency);
        var name = SettingsBinding.Name(root, definition.FileName);
        var schedule = SettingsBinding.Schedule(root);
        var pool = SettingsBinding.Pool(root);
        var (objective, minimized) = SettingsBinding.Objective(root);
        if (load is not null && measurement is not null && verification is not null)
        {
            SloBinding.Decidable(slos, load, measurement, verification, problems);
        }

        if (target is Target.Argo argo && load is not null)
        {
            ArgoBinding.FitsWorkflow(root, argo, load);
        }

        UnusedParameters(root, space, target, cost);
        if (target is null || cost is null || load is null || measurement is null || verification is null || SpaceIsBroken(root, parameters))
        {
            return null;
        }

        var baseline = Baseline(root, space);
        space = Listed(root, space, search);
        SpaceCheck.Check(root, space, search, cost);
        var sweep = new Sweep
        {
            Name = name,
            Labels = SettingsBinding.Labels(root),
            Target = target,
            Space = space,
            Baseline = baseline,
            Load = load,
            Slos = [.. slos.Select(pair => pair.Slo)],
            Reported = reported,
            Objective = objective,
            Minimized = minimized,
            Cost = cost,
            Search = search,
            Measurement = measurement,
            Budget = budget,
            Verification = verification,
            Envelope = root.Sub("verification").Flag("envelope") ?? false,
            Schedule = schedule,
            Pool = pool,
            PriceSource = root.Sub("cost").Has("resources") ? "cost.resources" : Describe(book!),
            Fingerprint = "",
        };
        if (sweep.Search.Goal is not null && sweep.ObjectiveBasis() is not ObjectiveBasis.Known)
        {
            root.Sub("search").Error("goal", $"A goal is a cost per hour, and this sweep minimizes {MeasuredObjective.Words(sweep)}. Leave the goal out, or minimize cost per hour.");
        }

        return sweep with { Fingerprint = SweepFingerprint.Of(sweep) };
    }

    // A parameter with an error of its own is still a name that formulas may use without a second error.
    private static Dictionary<string, NameType> Names(Section root, ImmutableArray<Parameter> parameters)
    {
        var hasInstances = parameters.Any(parameter => parameter.Name == SearchSpace.InstanceTypeParameter)
            || root.Sections("parameters").Any(pair => pair.Key == SearchSpace.InstanceTypeParameter);
        var names = SpaceBinding.Names(parameters, hasInstances);
        foreach (var (name, _) in root.Sections("parameters"))
        {
            names.TryAdd(name, NameType.Number(name));
        }

        return names;
    }

    private static bool SpaceIsBroken(Section root, ImmutableArray<Parameter> parameters) =>
        root.Sections("parameters").Any(pair => !parameters.Any(parameter => parameter.Name == pair.Key)) || root.Problems.InOrder().Any(problem => problem.IsError && IsOfTheSpace(problem.Path));

    // Errors elsewhere do not keep the baseline and the listed candidates from being checked, so that all are told at once.
    private static bool IsOfTheSpace(string path) =>
        new[] { "parameters", "constraints", "cost", "search" }.Any(key => path.StartsWith(key, StringComparison.Ordinal));

    private static Candidate? Baseline(Section root, SearchSpace space)
    {
        if (root.Find("baseline") is not MappingNode node)
        {
            return null;
        }

        return CandidateBinding.Read(node, root.At("baseline"), space, root.Problems);
    }

    private static SearchSpace Listed(Section root, SearchSpace space, SearchSettings search)
    {
        if (search.Strategy is not "list")
        {
            return space;
        }

        var listed = ImmutableArray.CreateBuilder<Candidate>();
        foreach (var (node, place) in root.Sub("search").Mappings("candidates"))
        {
            if (CandidateBinding.Read(node, place, space, root.Problems) is not { } candidate)
            {
                continue;
            }

            if (listed.Contains(candidate))
            {
                root.Problems.Error(place, $"'{candidate}' is listed twice. Keep one of them.");
            }

            listed.Add(candidate);
        }

        return space with { Listed = listed.ToImmutable() };
    }

    private static void UnusedParameters(Section root, SearchSpace space, Target? target, CostModel? cost)
    {
        if (target is null || cost is null || root.Problems.HasErrors)
        {
            return;
        }

        var used = TargetBinding.Placeholders(target).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, section) in root.Sections("parameters").Where(pair => pair.Key != SearchSpace.InstanceTypeParameter && !used.Contains(pair.Key)))
        {
            var elsewhere = space.Constraints.Any(constraint => constraint.Condition.Names.Contains(name)) || space.Parameters.Any(parameter => parameter.When?.Names.Contains(name) is true);
            root.Problems.Warn(section.Here, elsewhere
                ? $"reaches the candidate nowhere: no argument or variable of the target holds {{{{{name}}}}}, so that its values are told apart by formulas only."
                : $"is used nowhere: no argument or variable of the target holds {{{{{name}}}}}. Use it, or remove it.");
        }
    }

    private static string Describe(PriceBook book) =>
        $"{book.Name}{(book.Date is { } date ? $", {date:yyyy-MM-dd}" : "")}{(book.Source is { } source ? $", {source}" : "")}";
}
