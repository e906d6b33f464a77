# One etcd instance of a machine: a member of one etcd cluster, on its own ports, with its own unit `etcd-<name>`.
#
# @param member This machine's name among the members.
# @param members All members, this one included.
# @param token The cluster's token; instances of different clusters never mix.
# @param state Whether the cluster is being formed or joined. etcd ignores it once it has data.
# @param client_port Where clients connect.
# @param peer_port Where members connect.
# @param metrics_port Where this machine alone reads health and metrics, without TLS.
# @param peer_common_name What a member's certificate must carry: any other certificate of the authority is not a member.
# @param start_seconds How long a start may wait for a quorum.
define etcd::instance (
  String[1]               $member,
  Array[Etcd::Member, 1]  $members,
  String[1]               $token,
  Enum['new', 'existing'] $state = 'new',
  Integer[1, 65535]       $client_port = 2379,
  Integer[1, 65535]       $peer_port = 2380,
  Integer[1, 65535]       $metrics_port = 2381,
  String[1]               $peer_common_name = 'etcd-peer',
  Integer[1]              $start_seconds = 60,
) {
  $own = $members.filter |$each| { $each['name'] == $member }

  if $own.length != 1 {
    fail("etcd-${name}: the members do not name ${member} exactly once")
  }

  $unit = "etcd-${name}"

  file {
    default:
      owner   => 'root',
      group   => 'root',
      mode    => '0644',
      require => Class['etcd'];

    "/etc/etcd/${name}.env":
      content => epp('etcd/instance.env.epp', {
        'name'             => $name,
        'own'              => $own[0],
        'members'          => $members,
        'token'            => $token,
        'state'            => $state,
        'client_port'      => $client_port,
        'peer_port'        => $peer_port,
        'metrics_port'     => $metrics_port,
        'peer_common_name' => $peer_common_name,
      });

    "/etc/systemd/system/${unit}.service":
      content => epp('etcd/instance.service.epp', {
        'name'          => $name,
        'start_seconds' => $start_seconds,
      });
  }

  # Puppet reloads systemd itself when a unit's file is newer than what is loaded. The start returns when there is a quorum, or fails after
  # its time-out and goes on in the background.
  service { $unit:
    ensure    => running,
    enable    => true,
    subscribe => [
      File["/etc/etcd/${name}.env"],
      File["/etc/systemd/system/${unit}.service"],
      File['/etc/etcd/pki/server-ca.crt'],
      File['/etc/etcd/pki/peer-ca.crt'],
    ],
  }

  # A run that changes nothing proves that the endpoint answers through TLS.
  $health = [
    '/usr/bin/etcdctl',
    "--endpoints=https://${own[0]['address']}:${client_port}",
    '--cacert=/etc/etcd/pki/client-ca.crt',
    '--cert=/etc/etcd/pki/client.crt',
    '--key=/etc/etcd/pki/client.key',
    '--command-timeout=5s',
    'endpoint', 'health',
  ].join(' ')

  exec { "${unit} answers":
    command     => $health,
    unless      => $health,
    environment => 'ETCDCTL_API=3',
    tries       => 10,
    try_sleep   => 1,
    require     => [Service[$unit], Etcd::Certificate['client']],
  }
}
