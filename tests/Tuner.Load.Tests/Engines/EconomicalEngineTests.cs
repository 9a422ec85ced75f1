namespace Tuner.Load.Tests.Engines;

/// <summary>The native engine as it collects answers from one tick to the next.</summary>
public sealed class EconomicalEngineTests : LoadEngineContract
{
    protected override LoadEngine Engine => LoadEngine.Native;

    protected override LoadOptions Options() => base.Options() with { Pacing = LoadPacing.Economical };
}
