namespace Tuner.Load.Tests.Engines;

public class PortableEngineTests : LoadEngineContract
{
    protected override LoadEngine Engine => LoadEngine.Portable;
}
