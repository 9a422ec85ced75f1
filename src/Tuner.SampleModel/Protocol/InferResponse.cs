using System.Buffers;
using System.Text.Json;
using Tuner.SampleModel.Model;

namespace Tuner.SampleModel.Protocol;

/// <summary>Writes the answer to an inference request.</summary>
internal static class InferResponse
{
    public static void Write(IBufferWriter<byte> body, InferRequest request, Matrix<float> probabilities)
    {
        using var json = new Utf8JsonWriter(body, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartObject();
        json.WriteString("model_name"u8, ModelCard.Name);
        json.WriteString("model_version"u8, ModelCard.Version);
        if (request.Id is not null)
        {
            json.WriteString("id"u8, request.Id);
        }

        json.WriteStartArray("outputs"u8);
        if (request.WantsLabel)
        {
            WriteLabels(json, probabilities);
        }

        if (request.WantsProbabilities)
        {
            WriteProbabilities(json, probabilities);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteLabels(Utf8JsonWriter json, Matrix<float> probabilities)
    {
        Begin(json, ModelCard.Label, "INT64", probabilities.Rows, null);
        for (var i = 0; i < probabilities.Rows; i++)
        {
            json.WriteNumberValue(DigitNetwork.MostProbable(probabilities.Row(i)));
        }

        End(json);
    }

    private static void WriteProbabilities(Utf8JsonWriter json, Matrix<float> probabilities)
    {
        Begin(json, ModelCard.Probabilities, "FP32", probabilities.Rows, DigitSet.Classes);
        for (var i = 0; i < probabilities.Rows; i++)
        {
            foreach (var probability in probabilities.Row(i))
            {
                json.WriteNumberValue(probability);
            }
        }

        End(json);
    }

    private static void Begin(Utf8JsonWriter json, string name, string datatype, int rows, int? columns)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, name);
        json.WriteString("datatype"u8, datatype);
        json.WriteStartArray("shape"u8);
        json.WriteNumberValue(rows);
        if (columns is { } width)
        {
            json.WriteNumberValue(width);
        }

        json.WriteEndArray();
        json.WriteStartArray("data"u8);
    }

    private static void End(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
