namespace Tuner.Core.Definitions;

/// <summary>Finds the word that was probably meant.</summary>
public static class Spelling
{
    /// <summary>
    /// The known word nearest to what was written, by edits (insert, delete, replace, swap of neighbours), without regard
    /// to case, dashes and underscores; null when none is near.
    /// </summary>
    public static string? Nearest(string written, IEnumerable<string> known)
    {
        var word = Plain(written);
        var best = known
            .Select(candidate => (candidate, distance: Distance(word, Plain(candidate))))
            .OrderBy(pair => pair.distance)
            .ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .FirstOrDefault();
        var limit = Math.Max(1, Math.Min(word.Length, best.candidate?.Length ?? 0) / 3);
        return best.candidate is not null && word.Length <= 100 && best.distance <= limit ? best.candidate : null;
    }

    /// <summary>A sentence with the nearest word, or with all of them when none is near.</summary>
    public static string Hint(string written, IReadOnlyCollection<string> known) => Nearest(written, known) is { } nearest
        ? $"Did you mean '{nearest}'?"
        : known.Count == 0 ? "There are none here." : $"There {(known.Count == 1 ? "is" : "are")}: {List(known)}.";

    public static string List(IReadOnlyCollection<string> words) =>
        words.Count <= 20 ? string.Join(", ", words) : $"{string.Join(", ", words.Take(20))}, and {words.Count - 20} more";

    private static string Plain(string word) =>
        new([.. word.Where(character => character is not ('-' or '_' or ' ')).Select(char.ToLowerInvariant)]);

    // Optimal string alignment distance; words here are short.
    private static int Distance(string left, string right)
    {
        if (left.Length > 100 || right.Length > 100)
        {
            return int.MaxValue;
        }

        var table = new int[left.Length + 1, right.Length + 1];
        for (var row = 0; row <= left.Length; row++)
        {
            table[row, 0] = row;
        }

        for (var column = 0; column <= right.Length; column++)
        {
            table[0, column] = column;
        }

        for (var row = 1; row <= left.Length; row++)
        {
            for (var column = 1; column <= right.Length; column++)
            {
                table[row, column] = Step(left, right, table, row, column);
            }
        }

        return table[left.Length, right.Length];
    }

    private static int Step(string left, string right, int[,] table, int row, int column)
    {
        var replace = table[row - 1, column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1);
        var best = Math.Min(replace, Math.Min(table[row - 1, column], table[row, column - 1]) + 1);
        var swapped = row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1];
        return swapped ? Math.Min(best, table[row - 2, column - 2] + 1) : best;
    }
}
