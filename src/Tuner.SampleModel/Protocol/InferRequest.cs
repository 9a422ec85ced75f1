using Tuner.SampleModel.Model;

namespace Tuner.SampleModel.Protocol;

/// <summary>A checked inference request of the Open Inference Protocol.</summary>
/// <param name="Id">What the client called it; it comes back with the answer.</param>
/// <param name="Images">64 pixels a row.</param>
internal sealed record InferRequest(string? Id, Matrix<float> Images, bool WantsLabel, bool WantsProbabilities);
