# A member of an etcd cluster. Peers reach one another by address, so that they need no DNS server to form a quorum.
type Etcd::Member = Struct[{
  name    => Pattern[/\A[a-z0-9][a-z0-9-]*\z/],
  address => Pattern[/\A\d{1,3}(\.\d{1,3}){3}\z/],
}]
