using System.Buffers;
using System.Text.Json;
using Tuner.SampleModel.Model;

namespace Tuner.SampleModel.Protocol;

/// <summary>
/// Reads an inference request straight from the bytes that arrived: parsing into objects first would cost more than
/// classifying an image in a batch.
/// </summary>
internal ref struct InferRequestReader
{
    private readonly int maxImages;
    private Utf8JsonReader json;
    private string? id;
    private bool inputSeen;
    private bool wantsLabel;
    private bool wantsProbabilities;
    private bool outputsSeen;
    private TensorNumbers numbers;

    private InferRequestReader(ReadOnlySequence<byte> body, int maxImages)
    {
        json = new Utf8JsonReader(body);
        this.maxImages = maxImages;
        numbers = new TensorNumbers(maxImages);
    }

    /// <summary>Returns the request, or null and what is wrong with it.</summary>
    public static (InferRequest? Request, string? Error) Read(ReadOnlySequence<byte> body, int maxImages)
    {
        var reader = new InferRequestReader(body, maxImages);
        try
        {
            var error = reader.ReadBody();
            return error is null ? (reader.Request(), null) : (null, error);
        }
        catch (JsonException e)
        {
            return (null, $"the body is not valid JSON: {e.Message}");
        }
        catch (InvalidOperationException)
        {
            // The JSON reader's word for a value of another type than the one asked for.
            return (null, $"byte {reader.json.TokenStartIndex}: a value of the wrong type ({reader.json.TokenType}); see the Open Inference Protocol");
        }
    }

    private readonly InferRequest Request() => new(
        id,
        numbers.Images,
        !outputsSeen || wantsLabel,
        !outputsSeen || wantsProbabilities);

    private string? ReadBody()
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            return "the body is not a JSON object; send {\"inputs\": [ … ]}";
        }

        string? error = null;
        while (error is null && json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("id"u8))
            {
                json.Read();
                id = json.GetString();
            }
            else if (json.ValueTextEquals("inputs"u8))
            {
                error = ReadInputs();
            }
            else if (json.ValueTextEquals("outputs"u8))
            {
                error = ReadOutputs();
            }
            else
            {
                json.Skip();
            }
        }

        if (error is null)
        {
            // Anything after the object is malformed JSON, which the reader reports.
            json.Read();
        }

        return error ?? (inputSeen ? null : "inputs: missing; send one tensor named 'image'");
    }

    private string? ReadInputs()
    {
        if (!Enter(JsonTokenType.StartArray))
        {
            return "inputs: not an array; send one tensor named 'image'";
        }

        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            if (inputSeen)
            {
                return "inputs: more than one tensor; this model takes one, named 'image'";
            }

            inputSeen = true;
            if (ReadInput() is { } error)
            {
                return error;
            }
        }

        return json.TokenType == JsonTokenType.EndArray ? null : "inputs: an element is not an object";
    }

    private string? ReadInput()
    {
        string? name = null;
        string? datatype = null;
        string? shape = null;
        var rows = 0L;
        var dataSeen = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("name"u8))
            {
                json.Read();
                name = json.GetString();
            }
            else if (json.ValueTextEquals("datatype"u8))
            {
                json.Read();
                datatype = json.GetString();
            }
            else if (json.ValueTextEquals("shape"u8))
            {
                (shape, rows) = TensorNumbers.ReadShape(ref json);
                if (shape is null)
                {
                    return $"shape: not a list of whole numbers; this model takes [n,{DigitSet.Pixels}]";
                }
            }
            else if (json.ValueTextEquals("data"u8))
            {
                dataSeen = true;
                if (!numbers.ReadData(ref json))
                {
                    return $"data: more than {maxImages} images of {DigitSet.Pixels} values; send fewer in a request, or raise --queue-limit";
                }
            }
            else
            {
                json.Skip();
            }
        }

        return CheckInput(name, datatype, shape, rows, dataSeen);
    }

    private readonly string? CheckInput(string? name, string? datatype, string? shape, long rows, bool dataSeen)
    {
        if (name != ModelCard.Input)
        {
            return $"inputs: a tensor named '{name}'; this model takes '{ModelCard.Input}'";
        }

        if (datatype != "FP32")
        {
            return $"datatype: '{datatype}'; this model takes FP32";
        }

        if (shape is null || rows < 1)
        {
            return $"shape: {shape ?? "missing"}; this model takes [n,{DigitSet.Pixels}] with n of at least 1";
        }

        if (rows > maxImages)
        {
            return $"shape: {shape} has more than {maxImages} images; send fewer in a request, or raise --queue-limit";
        }

        if (!dataSeen)
        {
            return "data: missing; this server reads tensors as JSON numbers only";
        }

        return numbers.Count == rows * DigitSet.Pixels ? null : $"data: {numbers.Count} values do not fill shape {shape}";
    }

    private string? ReadOutputs()
    {
        if (!Enter(JsonTokenType.StartArray))
        {
            return "outputs: not an array; leave it out for all outputs";
        }

        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            outputsSeen = true;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isName = json.ValueTextEquals("name"u8);
                json.Read();
                if (!isName)
                {
                    json.Skip();
                }
                else if (json.ValueTextEquals(ModelCard.Label))
                {
                    wantsLabel = true;
                }
                else if (json.ValueTextEquals(ModelCard.Probabilities))
                {
                    wantsProbabilities = true;
                }
                else
                {
                    return $"outputs: '{json.GetString()}'; this model gives '{ModelCard.Label}' and '{ModelCard.Probabilities}'";
                }
            }
        }

        return json.TokenType == JsonTokenType.EndArray ? null : "outputs: an element is not an object";
    }

    private bool Enter(JsonTokenType start) => json.Read() && json.TokenType == start;
}
