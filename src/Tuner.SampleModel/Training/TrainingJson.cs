using System.Text.Json.Serialization;

namespace Tuner.SampleModel.Training;

/// <summary>How the training record is written (generated at build time: reflection would cost every start of the server).</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(TrainingRecord))]
internal sealed partial class TrainingJson : JsonSerializerContext;
