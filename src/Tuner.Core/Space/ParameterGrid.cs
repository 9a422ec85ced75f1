namespace Tuner.Core.Space;

/// <summary>The values that a parameter can take: as a finite grid, or by a coordinate between 0 and 1.</summary>
public static class ParameterGrid
{
    extension(Parameter parameter)
    {
        /// <summary>The number of values, or null for a continuum.</summary>
        public long? GridSize() => parameter switch
        {
            IntegerParameter { Scale: Scale.Linear } whole => (whole.Max - whole.Min) / whole.Step + 1,
            IntegerParameter whole => Powers(whole).LongCount(),
            RealParameter { Step: { } step } real => (long)Math.Floor((real.Max - real.Min) / step + 1e-9) + 1,
            RealParameter => null,
            CategoricalParameter categorical => categorical.Values.Length,
            _ => throw new InvalidOperationException($"Unknown kind of parameter {parameter.GetType().Name}."),
        };

        /// <summary>All values in ascending order, or in the listed order.</summary>
        /// <exception cref="InvalidOperationException">The parameter is a continuum.</exception>
        public IEnumerable<ParameterValue> Grid() => parameter switch
        {
            IntegerParameter { Scale: Scale.Linear } whole => Enumerable.Sequence(whole.Min, whole.Max, whole.Step).Select(ParameterValue.Of),
            IntegerParameter whole => Powers(whole).Select(ParameterValue.Of),
            RealParameter { Step: { } step } real => Steps(real, step),
            RealParameter real => throw new InvalidOperationException($"Parameter '{real.Name}' is a continuum."),
            CategoricalParameter categorical => categorical.Values,
            _ => throw new InvalidOperationException($"Unknown kind of parameter {parameter.GetType().Name}."),
        };

        /// <summary>The value that a parameter keeps while it is inactive.</summary>
        public ParameterValue First => parameter switch
        {
            IntegerParameter whole => ParameterValue.Of(whole.Min),
            RealParameter real => ParameterValue.Of(real.Min),
            CategoricalParameter categorical => categorical.Values[0],
            _ => throw new InvalidOperationException($"Unknown kind of parameter {parameter.GetType().Name}."),
        };

        /// <summary>The value at a coordinate between 0 and 1, equal shares for the values of a finite set.</summary>
        public ParameterValue AtUnit(double coordinate)
        {
            if (parameter is RealParameter { Step: null } real)
            {
                return ParameterValue.Of(Continuum(real, Math.Clamp(coordinate, 0, 1)));
            }

            var size = parameter.GridSize()!.Value;
            return parameter.ValueAt(Math.Clamp((long)Math.Floor(coordinate * size), 0, size - 1));
        }

        /// <summary>A coordinate at which <c>AtUnit</c> gives this value: the middle of its share, or its place in a continuum.</summary>
        public double CoordinateOf(ParameterValue value) => parameter switch
        {
            RealParameter { Step: null } real => CoordinateOf(real, value.Number!.Value),
            IntegerParameter { Scale: Scale.Linear } whole => Middle(((long)value.Number!.Value - whole.Min) / whole.Step, parameter),
            RealParameter { Step: { } step } real => Middle((long)Math.Round((value.Number!.Value - real.Min) / step), parameter),
            _ => Middle(parameter.Grid().TakeWhile(known => known != value && (known.Number is null || known.Number != value.Number)).LongCount(), parameter),
        };

        /// <summary>The value at a place of the grid, counted from 0.</summary>
        public ParameterValue ValueAt(long index) => parameter switch
        {
            IntegerParameter { Scale: Scale.Linear } whole => ParameterValue.Of(whole.Min + (index * whole.Step)),
            RealParameter { Step: { } step } real => StepValue(real, step, index),
            _ => parameter.Grid().ElementAt((int)index),
        };

        /// <summary>The parameter's own writing of a value, so that 1.0 finds a listed 1; null where it cannot take it.</summary>
        public ParameterValue? Canonical(ParameterValue value) => parameter switch
        {
            IntegerParameter => parameter.Allows(value) ? ParameterValue.Of((long)value.Number!.Value) : null,
            RealParameter => parameter.Allows(value) ? ParameterValue.Of(value.Number!.Value) : null,
            CategoricalParameter categorical => categorical.Values.Contains(value) ? value
                : value.Number is { } number ? categorical.Values.Select(known => (ParameterValue?)known).FirstOrDefault(known => known!.Value.Number == number) : null,
            _ => throw new InvalidOperationException($"Unknown kind of parameter {parameter.GetType().Name}."),
        };

        /// <summary>Whether the parameter can take this value.</summary>
        public bool Allows(ParameterValue value) => parameter switch
        {
            IntegerParameter { Scale: Scale.Linear } whole => value.Number is { } number && number == Math.Floor(number)
                && number >= whole.Min && number <= whole.Max && ((long)number - whole.Min) % whole.Step == 0,
            RealParameter { Step: null } real => value.Number is { } number && number >= real.Min && number <= real.Max,
            RealParameter { Step: { } step } real => value.Number is { } number && number >= real.Min && number <= real.Max
                && StepValue(real, step, (long)Math.Round((number - real.Min) / step)).Number == number,
            _ => parameter.Grid().Any(allowed => allowed == value || (allowed.Number is { } number && number == value.Number)),
        };
    }

    private static IEnumerable<long> Powers(IntegerParameter parameter)
    {
        var factor = parameter.Scale is Scale.Log2 ? 2 : 10;
        for (var value = parameter.Min; value < parameter.Max; value = value > parameter.Max / factor ? parameter.Max : value * factor)
        {
            yield return value;
        }

        yield return parameter.Max;
    }

    private static IEnumerable<ParameterValue> Steps(RealParameter parameter, double step)
    {
        var count = parameter.GridSize()!.Value;
        for (long index = 0; index < count; index++)
        {
            yield return StepValue(parameter, step, index);
        }
    }

    // Decimal arithmetic keeps 0.1 + 2 x 0.1 at 0.3, as a person would write it.
    private static ParameterValue StepValue(RealParameter parameter, double step, long index) =>
        ParameterValue.Of((double)((decimal)parameter.Min + (index * (decimal)step)));

    private static double Middle(long index, Parameter parameter) => (index + 0.5) / parameter.GridSize()!.Value;

    private static double CoordinateOf(RealParameter parameter, double value) => parameter switch
    {
        _ when parameter.Max <= parameter.Min => 0.5,
        { Scale: Scale.Linear } => (value - parameter.Min) / (parameter.Max - parameter.Min),
        _ => Math.Log(value / parameter.Min) / Math.Log(parameter.Max / parameter.Min),
    };

    private static double Continuum(RealParameter parameter, double coordinate) => parameter.Scale switch
    {
        Scale.Linear => parameter.Min + (coordinate * (parameter.Max - parameter.Min)),
        _ => parameter.Min * Math.Pow(parameter.Max / parameter.Min, coordinate),
    };
}
