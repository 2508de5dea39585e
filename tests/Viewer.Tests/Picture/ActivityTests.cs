namespace SharpNbd.Viewer.Tests;

public sealed class ActivityTests
{
    [Fact]
    public void AYearFitsIntoTheSameSpansAsASecondAndNothingIsLost()
    {
        var activity = new Activity();
        for (var second = 0L; second < 365 * 24 * 3600; second += 3600)
        {
            activity.Add(new LogLine { Kind = LineKind.Call, Operation = Operation.Write, Time = 1 + (second * Microseconds.PerSecond) });
        }

        Assert.Equal(365 * 24, activity.Used.ToArray().Sum(span => span.Writes));
        Assert.InRange(activity.Used.Length, Activity.Spans / 2, Activity.Spans);
    }

    [Fact]
    public void EachKindHasItsOwnCountAndOnlyFailuresCountAtTheirEnd()
    {
        var activity = new Activity();
        foreach (var operation in new[] { Operation.Read, Operation.Cache, Operation.Write, Operation.Trim, Operation.Flush })
        {
            activity.Add(new LogLine { Kind = LineKind.Call, Operation = operation, Time = 1000 });
            activity.Add(new LogLine { Kind = LineKind.Return, Operation = operation, Time = 1000 });
        }

        activity.Add(new LogLine { Kind = LineKind.Return, Error = LogError.EIO, Time = 1000 });

        Assert.Equal(new ActivitySpan(2, 1, 2, 1), activity.Used[0]);
    }
}
