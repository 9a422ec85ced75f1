namespace Tuner.Cli.Tests;

public sealed class WrappedTextTests
{
    [Theory]
    [InlineData("", 10, new[] { "" })]
    [InlineData("one two", 7, new[] { "one two" })]
    [InlineData("one two", 6, new[] { "one", "two" })]
    [InlineData("one  two\nthree", 8, new[] { "one  two", "three" })]
    [InlineData("sesquipedalian word", 6, new[] { "sesqui", "pedali", "an", "word" })]
    public void Breaks_between_words(string text, int width, string[] lines) => Assert.Equal(lines, WrappedText.Lines(text, width));

    [Theory]
    [InlineData("one two", 1, new[] { "one t…" })]
    [InlineData("one two three", 2, new[] { "one", "two t…" })]
    [InlineData("one two ten", 2, new[] { "one", "two t…" })]
    [InlineData("one two", 2, new[] { "one", "two" })]
    public void Ends_the_last_line_with_an_ellipsis_where_there_is_more(string text, int most, string[] lines) => Assert.Equal(lines, WrappedText.Lines(text, 6, most));
}
