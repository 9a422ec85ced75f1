using System.Buffers;
using System.Text.Json;
using Tuner.SampleModel.Model;
using Tuner.SampleModel.Options;
using Tuner.SampleModel.Training;

namespace Tuner.SampleModel.Protocol;

/// <summary>The names of the model and of its tensors, and what the server says about itself.</summary>
internal static class ModelCard
{
    public const string Name = "digits";
    public const string Version = "1";
    public const string Input = "image";
    public const string Label = "label";
    public const string Probabilities = "probabilities";

    /// <summary>Answer of <c>/v2</c>.</summary>
    public static byte[] Server() => Json(json =>
    {
        json.WriteString("name", "tuner-sample-model");
        json.WriteString("version", typeof(ModelCard).Assembly.GetName().Version?.ToString(3));
        json.WriteStartArray("extensions");
        json.WriteEndArray();
    });

    /// <summary>Answer of <c>/v2/models/digits</c>; the accuracy is the one measured with the precision that is served.</summary>
    public static byte[] Model(ServerOptions options, TrainingRecord record) => Json(json =>
    {
        json.WriteString("name", Name);
        json.WriteStartArray("versions");
        json.WriteStringValue(Version);
        json.WriteEndArray();
        json.WriteString("platform", "tuner_recurrent");
        json.WriteStartArray("inputs");
        WriteTensor(json, Input, "FP32", DigitSet.Pixels);
        json.WriteEndArray();
        json.WriteStartArray("outputs");
        WriteTensor(json, Label, "INT64", null);
        WriteTensor(json, Probabilities, "FP32", DigitSet.Classes);
        json.WriteEndArray();
        json.WriteStartObject("parameters");
        json.WriteString("precision", options.Precision == Precision.Int8 ? "int8" : "fp32");
        json.WriteNumber("accuracy", record.Accuracy(options.Precision));
        json.WriteNumber("accuracy_test_images", record.TestImages);
        json.WriteNumber("max_batch_size", options.MaxBatchSize);
        json.WriteNumber("batch_delay_ms", options.BatchDelay.TotalMilliseconds);
        json.WriteNumber("workers", options.Workers);
        json.WriteNumber("threads", options.Threads);
        json.WriteNumber("queue_limit", options.QueueLimit);
        json.WriteEndObject();
    });

    public static byte[] Error(string message) => Json(json => json.WriteString("error", message));

    /// <summary>Answer of the health addresses.</summary>
    public static byte[] Health(string property, bool value) => Json(json =>
    {
        if (property == "ready")
        {
            json.WriteString("name", Name);
        }

        json.WriteBoolean(property, value);
    });

    private static void WriteTensor(Utf8JsonWriter json, string name, string datatype, int? columns)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("datatype", datatype);
        json.WriteStartArray("shape");
        json.WriteNumberValue(-1);
        if (columns is { } width)
        {
            json.WriteNumberValue(width);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static byte[] Json(Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
