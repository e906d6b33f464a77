# A machine about to become an image: nothing runs that a role has not asked for, and nothing tells it from another.
class profile::image {
  package { ['ca-certificates', 'etcd-client', 'etcd-server', 'iproute2', 'nftables', 'openssh-server', 'sudo']:
    ensure => installed,
  }

  service { ['etcd', 'ssh']:
    ensure  => stopped,
    enable  => false,
    require => Package['etcd-server', 'openssh-server'],
  }

  service { 'tarmak-agent':
    enable => true,
  }

  tidy { '/etc/ssh':
    matches => ['ssh_host_*'],
    recurse => 1,
    backup  => false,
  }

  file {
    '/etc/machine-id':
      ensure  => file,
      owner   => 'root',
      group   => 'root',
      mode    => '0444',
      content => '';

    '/etc/tarmak/pki':
      ensure  => directory,
      owner   => 'root',
      group   => 'root',
      mode    => '0700',
      recurse => true,
      purge   => true,
      force   => true;
  }
}
