# The machine's etcd instances.
#
# @param member This machine's name among the members.
# @param members All members of the cluster.
# @param token The cluster's token.
# @param state Whether the cluster is being formed or joined.
class profile::etcd (
  String[1]               $member,
  Array[Etcd::Member, 1]  $members,
  String[1]               $token,
  Enum['new', 'existing'] $state = 'new',
) {
  contain etcd

  etcd::instance { 'k8s-main':
    member      => $member,
    members     => $members,
    token       => "${token}-k8s-main",
    state       => $state,
    client_port => 2379,
    peer_port   => 2380,
  }
}
