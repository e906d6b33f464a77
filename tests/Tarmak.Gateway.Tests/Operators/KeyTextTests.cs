using Tarmak.Gateway.Operators;

namespace Tarmak.Gateway.Tests.Operators;

public sealed class KeyTextTests
{
    [Theory]
    [InlineData("dev", "dev")]
    [InlineData("dev/demo", "dev/demo")]
    [InlineData("dev/demo/etcd", "dev/demo/etcd")]
    [InlineData("dev/demo/etcd-0", "dev/demo/etcd/0")]
    [InlineData("dev/demo/etcd/0", "dev/demo/etcd/0")]
    [InlineData("dev/demo/etcd-0#machine/main", "dev/demo/etcd/0#machine/main")]
    [InlineData("dev#edge/edge", "dev#edge/edge")]
    public void Parse_WhatPeopleWrite_IsTheInventorysKey(string written, string key) => KeyText.Parse(written).Should().Be(key);

    [Theory]
    [InlineData("dev/demo/etcd/0", "dev/demo/etcd-0")]
    [InlineData("dev/demo/etcd/0#machine/main", "dev/demo/etcd-0#machine/main")]
    [InlineData("dev/demo", "dev/demo")]
    public void Shown_InventorysKey_IsWhatPeopleWrite(string key, string shown) => KeyText.Shown(key).Should().Be(shown);
}
