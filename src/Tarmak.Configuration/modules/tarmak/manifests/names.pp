# The machine's hosts file and resolver.
#
# A container engine mounts `/etc/hosts` and `/etc/resolv.conf` from outside, so neither can be replaced by rename: the wanted text is kept
# beside our own configuration and copied into place when it differs.
#
# @param nameservers The environment's DNS servers; empty leaves the resolver alone.
# @param search The domains tried for short names.
# @param hosts Names that must resolve even when no DNS server answers.
class tarmak::names (
  Array[Pattern[/\A[0-9a-fA-F.:]+\z/]] $nameservers = [],
  Array[String[1]]                     $search = [],
  Array[Tarmak::Host]                  $hosts = [],
) {
  file { '/etc/tarmak/hosts':
    owner   => 'root',
    group   => 'root',
    mode    => '0644',
    content => epp('tarmak/hosts.epp', { 'hosts' => $hosts }),
  }

  exec { 'put /etc/hosts in place':
    command => '/bin/cp /etc/tarmak/hosts /etc/hosts',
    unless  => '/usr/bin/cmp -s /etc/tarmak/hosts /etc/hosts',
    require => File['/etc/tarmak/hosts'],
  }

  unless $nameservers.empty {
    file { '/etc/tarmak/resolv.conf':
      owner   => 'root',
      group   => 'root',
      mode    => '0644',
      content => epp('tarmak/resolv.conf.epp', { 'nameservers' => $nameservers, 'search' => $search }),
    }

    exec { 'put /etc/resolv.conf in place':
      command => '/bin/cp /etc/tarmak/resolv.conf /etc/resolv.conf',
      unless  => '/usr/bin/cmp -s /etc/tarmak/resolv.conf /etc/resolv.conf',
      require => File['/etc/tarmak/resolv.conf'],
    }
  }
}
