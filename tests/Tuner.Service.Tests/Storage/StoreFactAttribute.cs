using Tuner.Testing.Databases;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Tuner.Service.Tests.Storage;

/// <summary>A test of a contract: skipped, with the reason, in classes marked <see cref="NeedsPostgresAttribute"/> where there is no PostgreSQL.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Tuner.Service.Tests.Storage.StoreFactDiscoverer", "Tuner.Service.Tests")]
public sealed class StoreFactAttribute : FactAttribute;

/// <summary>The tests of this class run on a real PostgreSQL server.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsPostgresAttribute : Attribute;

/// <summary>Makes the test cases of <see cref="StoreFactAttribute"/>.</summary>
public sealed class StoreFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        new StoreTestCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod);
}

/// <summary>A test case that looks at its class for what it needs.</summary>
public sealed class StoreTestCase : XunitTestCase
{
    [Obsolete("Called when a test case comes from another process.")]
    public StoreTestCase()
    {
    }

    public StoreTestCase(IMessageSink messages, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(messages, display, options, method)
    {
    }

    protected override string? GetSkipReason(IAttributeInfo factAttribute) =>
        TestMethod.TestClass.Class.GetCustomAttributes(typeof(NeedsPostgresAttribute)).Any() ? PostgresServer.WhyNot : base.GetSkipReason(factAttribute);
}
