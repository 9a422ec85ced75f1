namespace Tuner.Service.Access;

/// <summary>A secret cannot be sealed or opened; the message says why and holds no secret.</summary>
public sealed class SealException(string message) : Exception(message);
