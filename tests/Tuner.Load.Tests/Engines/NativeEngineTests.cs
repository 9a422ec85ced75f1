namespace Tuner.Load.Tests.Engines;

public class NativeEngineTests : LoadEngineContract
{
    protected override LoadEngine Engine => LoadEngine.Native;
}
