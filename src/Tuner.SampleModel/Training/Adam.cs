namespace Tuner.SampleModel.Training;

/// <summary>One array under Adam with decoupled weight decay (Kingma and Ba 2015, algorithm 1; Loshchilov and Hutter 2019).</summary>
internal sealed class Adam(float[] parameters, float[] gradient)
{
    private const float Beta1 = 0.9f;
    private const float Beta2 = 0.999f;
    private const float Epsilon = 1e-8f;

    private readonly float[] m = new float[parameters.Length];
    private readonly float[] v = new float[parameters.Length];
    private double power1 = 1;
    private double power2 = 1;

    /// <summary>One update; the gradient is multiplied by <paramref name="clip"/> first.</summary>
    public void Update(float rate, float decay, float clip)
    {
        power1 *= Beta1;
        power2 *= Beta2;
        var correction1 = (float)(1 / (1 - power1));
        var correction2 = (float)(1 / (1 - power2));
        for (var i = 0; i < parameters.Length; i++)
        {
            var g = gradient[i] * clip;
            m[i] = (Beta1 * m[i]) + ((1 - Beta1) * g);
            v[i] = (Beta2 * v[i]) + ((1 - Beta2) * g * g);
            var step = m[i] * correction1 / (MathF.Sqrt(v[i] * correction2) + Epsilon);
            parameters[i] -= rate * (step + (decay * parameters[i]));
        }
    }
}
