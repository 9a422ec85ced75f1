using Tuner.Core.Expressions;

namespace Tuner.Core.Space;

/// <summary>A relation between parameters and instance attributes that is known before anything runs.</summary>
public sealed record Constraint(Expression Condition)
{
    public string Text => Condition.Text;
}
