using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using Tarmak.Cli.Follow;
using Tarmak.Cli.Output;

namespace Tarmak.Cli.Tests;

public sealed class OutputTests
{
    [Theory]
    [InlineData(0, "0s")]
    [InlineData(59, "59s")]
    [InlineData(60, "1m")]
    [InlineData(192, "3m12s")]
    [InlineData(7500, "2h5m")]
    [InlineData(273600, "3d4h")]
    [InlineData(-5, "0s")]
    public void Durations_Short_TakesAtMostTwoUnits(int seconds, string expected) =>
        Durations.Short(TimeSpan.FromSeconds(seconds)).Should().Be(expected);

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("1h30m", 5400)]
    [InlineData("2d", 172800)]
    [InlineData("3650d", 315360000)]
    public void Durations_WellWritten_AreRead(string text, int seconds)
    {
        Durations.TryParse(text, out var duration).Should().BeTrue();
        duration.TotalSeconds.Should().Be(seconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("15")]
    [InlineData("m")]
    [InlineData("0s")]
    [InlineData("5 m")]
    [InlineData("99999999s")]
    [InlineData("3650d1s")]
    [InlineData("9999999d")]
    [InlineData("9999999d9999999d")]
    public void Durations_BadlyWritten_AreRefused(string text) => Durations.TryParse(text, out _).Should().BeFalse();

    [Theory]
    [InlineData("dev/demo/etcd/0", "dev/demo/etcd-0")]
    [InlineData("dev/demo/etcd/0#volume/data", "dev/demo/etcd-0#volume/data")]
    [InlineData("dev/demo", "dev/demo")]
    [InlineData("dev#network/outer", "dev#network/outer")]
    public void ResourceKeys_ShownAndReadAgain_AreTheSame(string key, string shown)
    {
        ResourceKeys.Shown(key).Should().Be(shown);
        ResourceKeys.Parse(shown).Should().Be(key);
        ResourceKeys.Parse(key).Should().Be(key);
    }

    [Fact]
    public void Yaml_TextsThatLookLikeOtherThings_AreQuoted()
    {
        var document = new JsonObject
        {
            ["plain"] = "10m ago",
            ["word"] = "demo",
            ["yes"] = "no",
            ["number"] = 3,
            ["flag"] = true,
            ["empty"] = "",
            ["list"] = new JsonArray(new JsonObject { ["a"] = 1, ["b"] = new JsonArray("x") }, "y"),
            ["none"] = new JsonObject(),
            ["lines"] = "a\nb: c",
        };

        Documents.Yaml(document).Should().Be(
            """
            plain: "10m ago"
            word: demo
            "yes": "no"
            number: 3
            flag: true
            empty: ""
            list:
              - a: 1
                b:
                  - x
              - "y"
            none: {}
            lines: "a\nb: c"

            """);
    }

    [Fact]
    public void Describe_ClusterWithPoolAndInstance_IsATree()
    {
        var cluster = Some.Resource("cluster", "dev/demo", "Degraded", "etcd-0 is being mended");
        var lines = DescribeText.Render(
            cluster,
            [
                cluster,
                Some.Resource("pool", "dev/demo/etcd", "Ready"),
                Some.Resource("instance", "dev/demo/etcd/0", "Blocked", "The disk is full."),
                Some.Resource("capability", "dev/demo/etcd/0#volume/data", "Ready"),
                Some.Resource("capability", "dev/demo#network/inner", "Ready"),
            ],
            Some.Now).Select(line => string.Concat(line.Select(p => p.Text))).ToList();

        lines.Should().ContainInOrder("Name:        dev/demo", "Phase:       Degraded for 1m15s", "Condition:   etcd-0 is being mended");
        lines.SkipWhile(l => l.Length > 0).Skip(1).Should().Equal(
            "cluster dev/demo       Degraded            1m15s   etcd-0 is being mended",
            "├─ pool etcd           Ready               1m15s",
            "│  └─ instance etcd-0  Blocked             1m15s   The disk is full.",
            "│     └─ volume data   Ready               1m15s",
            "└─ network inner       Ready               1m15s");
    }

    [Fact]
    public void ProgressTree_LowTerminal_KeepsWhatIsNotReady()
    {
        var state = new FollowState([new FollowTarget("cluster", "dev/demo", 1)], FollowGoal.Ready);
        state.Observe("dev", Some.Change(Some.Resource("cluster", "dev/demo", "Provisioning"), 1), Some.Now);
        state.Observe("dev", Some.Change(Some.Resource("pool", "dev/demo/etcd", "Provisioning"), 1), Some.Now);
        for (var i = 0; i < 10; i++)
        {
            state.Observe("dev", Some.Change(Some.Resource("instance", $"dev/demo/etcd/{i}", i == 7 ? "Blocked" : "Ready", i == 7 ? "The disk is full and this sentence is long enough to be cut off somewhere." : ""), 1), Some.Now);
        }

        var lines = ProgressTree.Render(state, Some.Now, TimeSpan.FromSeconds(12.34), 79, 6, "").Select(line => string.Concat(line.Select(p => p.Text))).ToList();

        lines.Should().HaveCountLessThanOrEqualTo(6).And.OnlyContain(l => l.Length <= 79);
        lines.Should().ContainSingle(l => l.Contains("✗ etcd-7", StringComparison.Ordinal)).Which.Should().EndWith("…");
        lines[^1].Should().Be("  12.3s  9 of 12 ready");
    }

    [Fact]
    public void Breakdown_StepsOfAResource_AreListedInOrderWithTheirTimes()
    {
        var history = new PhaseHistory(Some.Now);
        history.Add("engine start", Some.Now, Some.Now.AddSeconds(1.9));
        history.Observe(At("Pending", 2), Some.Now.AddSeconds(2));
        history.Observe(At("Provisioning", 3), Some.Now.AddSeconds(3));
        history.Observe(At("Provisioning", 3, "InProgress"), Some.Now.AddSeconds(4));
        history.Observe(At("Ready", 11.5), Some.Now.AddSeconds(11.6));

        history.Breakdown().Should().Equal(
            "    from      took                            step",
            "    0.0s      1.9s  ━━━━                      engine start",
            "    3.0s      8.5s        ━━━━━━━━━━━━━━━━━━  dev/demo/etcd-0");
    }

    [Fact]
    public void Breakdown_WhatOnlyWaitsForOthers_IsLeftOut()
    {
        var history = new PhaseHistory(Some.Now);
        history.Observe(At("Provisioning", 3, "Waiting"), Some.Now.AddSeconds(3));
        history.Observe(At("Ready", 11.5), Some.Now.AddSeconds(11.6));

        history.Breakdown().Should().ContainSingle("the head of the table");
    }

    private static Resource At(string phase, double seconds, string reason = "")
    {
        var resource = Some.Resource("instance", "dev/demo/etcd/0", phase);
        resource.Created = Timestamp.FromDateTimeOffset(Some.Now.AddSeconds(2));
        resource.PhaseSince = Timestamp.FromDateTimeOffset(Some.Now.AddSeconds(seconds));
        resource.Reason = reason;
        return resource;
    }
}
