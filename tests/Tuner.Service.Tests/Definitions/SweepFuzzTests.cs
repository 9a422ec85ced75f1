using FsCheck;
using FsCheck.Fluent;
using Tuner.Core.Definitions;
using Tuner.Core.Expressions;
using Tuner.Core.Pricing;
using Tuner.Core.Slos;
using Tuner.Service.Definitions;

namespace Tuner.Service.Tests.Definitions;

/// <summary>Whatever is written, the answer is a sweep or its errors, never an exception.</summary>
public sealed class SweepFuzzTests : IDisposable
{
    private static readonly Config Seeded = Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(20261122, 7);

    private readonly SweepTexts texts = new();

    public void Dispose() => texts.Dispose();

    [Fact]
    public void Any_text_gives_problems_and_no_exception() =>
        Check.One(Seeded, Prop.ForAll<string>(text => Answers(text ?? "")));

    [Fact]
    public void Any_text_of_yaml_signs_gives_problems_and_no_exception() =>
        Check.One(Seeded, Prop.ForAll(
            Gen.Elements("{", "}", "[", "]", ":", ": ", "- ", "\n", "  ", "\t", "\"", "'", "&a", "*a", "!!x ", "? ", "|\n", ">\n", "#", "%", "---\n", "...", "a", "1", "\\u12", "\"\\uD83D\\uDE00\"", "\"\\x\"", "target", "~", ",", "<<: ", "\r", "\u0085", "{{x}}").ListOf().Select(parts => string.Concat(parts)).ToArbitrary(),
            Answers));

    [Fact]
    public void A_sample_with_a_piece_cut_out_or_doubled_gives_problems_and_no_exception() =>
        Check.One(Seeded, Prop.ForAll(
            (from start in Gen.Choose(0, SweepTexts.Full.Length - 1)
             from length in Gen.Choose(0, 60)
             from again in Gen.Choose(0, 2)
             select SweepTexts.Full[..start] + string.Concat(Enumerable.Repeat(Cut(start, length), again)) + SweepTexts.Full[(start + Cut(start, length).Length)..]).ToArbitrary(),
            Answers));

    [Fact]
    public void Any_value_in_any_place_gives_problems_and_no_exception() =>
        Check.One(Seeded, Prop.ForAll(
            (from line in Gen.Choose(0, SweepTexts.Full.Split('\n').Length - 1)
             from value in Gen.Elements("-1", "1e999", "99999999999999999999", "NaN", "0x10", ".inf", "[]", "{}", "[[[]]]", "\"\"", "null", "1e-300", "9223372036854775807", "{ a: { b: c } }", "\"{{\"", "a b c", "true")
             select Replaced(line, value)).ToArbitrary(),
            Answers));

    [Fact]
    public void Any_formula_sentence_or_catalog_gives_an_answer_and_no_exception() =>
        Check.One(Seeded, Prop.ForAll<string>(text =>
        {
            _ = Expression.TryParse(text ?? "", out _, out _);
            _ = SloSentence.TryRead(text ?? "", out _, out _);
            _ = PriceBookReading.Read("x.csv", "InstanceType,vCPUs,MemoryGiB,Price\n" + text, SweepYaml.ReadTree);
            _ = PriceBookReading.Read("x.yaml", text ?? "", SweepYaml.ReadTree);
            return true;
        }));

    [Fact]
    public void A_bomb_of_nesting_or_size_is_refused_quickly()
    {
        foreach (var text in new[] { new string('[', 100_000), string.Concat(Enumerable.Repeat("{a: ", 50_000)), new string('a', 2_000_000), "a: [" + string.Concat(Enumerable.Repeat("x,", 200_000)) + "]", string.Concat(Enumerable.Repeat("- ", 50_000)), "target: " + new string('(', 5000) })
        {
            Assert.NotEmpty(texts.Load(text).Errors);
        }
    }

    private static string Cut(int start, int length) => SweepTexts.Full.Substring(start, Math.Min(length, SweepTexts.Full.Length - start));

    private static string Replaced(int line, string value)
    {
        var lines = SweepTexts.Full.Split('\n');
        var colon = lines[line].IndexOf(':', StringComparison.Ordinal);
        lines[line] = colon < 0 ? lines[line] : $"{lines[line][..colon]}: {value}";
        return string.Join('\n', lines);
    }

    private bool Answers(string text)
    {
        var reading = texts.Load(text);
        return reading.IsValid || reading.Errors.All(error => error.Message.Length > 0);
    }
}
