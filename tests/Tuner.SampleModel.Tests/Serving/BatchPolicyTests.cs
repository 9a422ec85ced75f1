using Tuner.SampleModel.Serving;

namespace Tuner.SampleModel.Tests.Serving;

public sealed class BatchPolicyTests
{
    private static readonly BatchPolicy Policy = new(4, TimeSpan.FromMilliseconds(5));

    [Theory]
    [InlineData(4, 0, 0)]
    [InlineData(9, 0, 0)]
    [InlineData(1, 0, 5)]
    [InlineData(3, 2, 3)]
    [InlineData(3, 5, 0)]
    [InlineData(3, 7, -2)]
    public void Waits_for_a_full_batch_until_the_delay_of_the_oldest_is_over(int waiting, int oldestMs, int expectedMs)
    {
        Assert.Equal(TimeSpan.FromMilliseconds(expectedMs), Policy.Remaining(waiting, TimeSpan.FromMilliseconds(oldestMs)));
    }
}
