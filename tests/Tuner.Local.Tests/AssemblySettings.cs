// One candidate at a time: the tests measure what they start, and the machine has one slot anyway.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
