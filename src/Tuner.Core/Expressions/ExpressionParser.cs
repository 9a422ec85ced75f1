using System.Globalization;
using System.Text.RegularExpressions;

namespace Tuner.Core.Expressions;

/// <summary>Recursive descent over the tokens of a formula; loosest binding first.</summary>
internal sealed partial class ExpressionParser
{
    private const int MaxLength = 1000;
    private const int MaxDepth = 50;
    private static readonly string[] Functions = ["min", "max", "ceil", "floor", "log2"];

    private readonly List<(string Text, int Position)> tokens = [];
    private readonly SortedSet<string> names = new(StringComparer.Ordinal);
    private int next;
    private int depth;

    public static bool TryParse(string text, out Expression expression, out string error)
    {
        expression = null!;
        error = "";
        try
        {
            var parser = new ExpressionParser();
            parser.Tokenize(text);
            var root = parser.Or();
            if (parser.next < parser.tokens.Count)
            {
                throw parser.Unexpected("an operator");
            }

            expression = new Expression(text, root, [.. parser.names]);
            return true;
        }
        catch (ExpressionException exception)
        {
            error = exception.Message;
            return false;
        }
    }

    private ExpressionNode Or()
    {
        var left = And();
        while (Take("or", "||") is not null)
        {
            left = new BinaryNode("or", left, And());
        }

        return left;
    }

    private ExpressionNode And()
    {
        var left = Not();
        while (Take("and", "&&") is not null)
        {
            left = new BinaryNode("and", left, Not());
        }

        return left;
    }

    private ExpressionNode Not() => Take("not", "!") is null ? Comparison() : new NotNode(Nested(Not));

    private ExpressionNode Comparison()
    {
        var left = Sum();
        return Take("==", "!=", "<=", ">=", "<", ">") is { } comparison ? new BinaryNode(comparison, left, Sum()) : left;
    }

    private ExpressionNode Sum()
    {
        var left = Product();
        while (Take("+", "-") is { } sign)
        {
            left = new BinaryNode(sign, left, Product());
        }

        return left;
    }

    private ExpressionNode Product()
    {
        var left = Unary();
        while (Take("*", "/", "%") is { } sign)
        {
            left = new BinaryNode(sign, left, Unary());
        }

        return left;
    }

    private ExpressionNode Unary() => Take("-") is null ? Primary() : new NegateNode(Nested(Unary));

    private ExpressionNode Primary()
    {
        if (next >= tokens.Count)
        {
            throw Unexpected("a value");
        }

        if (Take("(") is not null)
        {
            var inner = Nested(Or);
            Expect(")");
            return inner;
        }

        var token = tokens[next].Text;
        if (token[0] is '"' or '\'')
        {
            next++;
            return new LiteralNode(ExpressionValue.Of(token[1..^1]));
        }

        if (double.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && char.IsAsciiDigit(token[0]))
        {
            next++;
            return new LiteralNode(ExpressionValue.Of(number));
        }

        if (!char.IsLetter(token[0]) && token[0] != '_')
        {
            throw Unexpected("a value");
        }

        next++;
        return token is "true" or "false" ? new LiteralNode(ExpressionValue.Of(token)) : NameOrCall(token);
    }

    private ExpressionNode NameOrCall(string name)
    {
        if (Take("(") is null)
        {
            names.Add(name);
            return new NameNode(name);
        }

        if (!Functions.Contains(name))
        {
            throw new ExpressionException($"there is no function '{name}'; there are {string.Join(", ", Functions)}");
        }

        List<ExpressionNode> arguments = [Nested(Or)];
        while (Take(",") is not null)
        {
            arguments.Add(Nested(Or));
        }

        Expect(")");
        if (name is not ("min" or "max") && arguments.Count != 1)
        {
            throw new ExpressionException($"'{name}' takes one argument, not {arguments.Count}");
        }

        return new CallNode(name, [.. arguments]);
    }

    private ExpressionNode Nested(Func<ExpressionNode> parse)
    {
        if (++depth > MaxDepth)
        {
            throw new ExpressionException($"the formula is nested deeper than {MaxDepth} levels");
        }

        var node = parse();
        depth--;
        return node;
    }

    private string? Take(params ReadOnlySpan<string> wanted)
    {
        if (next < tokens.Count && wanted.Contains(tokens[next].Text))
        {
            return tokens[next++].Text;
        }

        return null;
    }

    private void Expect(string token)
    {
        if (Take(token) is null)
        {
            throw Unexpected($"'{token}'");
        }
    }

    private ExpressionException Unexpected(string expected) => next < tokens.Count
        ? new ExpressionException($"expected {expected} at column {tokens[next].Position + 1}, found '{tokens[next].Text}'")
        : new ExpressionException($"expected {expected} at the end");

    private void Tokenize(string text)
    {
        if (text.Length > MaxLength)
        {
            throw new ExpressionException($"the formula is longer than {MaxLength} characters");
        }

        var position = 0;
        while (position < text.Length)
        {
            if (char.IsWhiteSpace(text[position]))
            {
                position++;
                continue;
            }

            var match = Token().Match(text, position);
            if (!match.Success || match.Index != position)
            {
                throw new ExpressionException($"'{text[position]}' at column {position + 1} belongs to no formula");
            }

            tokens.Add((match.Value, position));
            position += match.Length;
        }
    }

    [GeneratedRegex("""\G(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*|"[^"]*"|'[^']*'|<=|>=|==|!=|&&|\|\||[-+*/%<>!(),])""")]
    private static partial Regex Token();
}
