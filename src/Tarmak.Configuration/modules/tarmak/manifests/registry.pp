# The registry of container images that the machine may pull from, for whatever runs containers here and for
# `/usr/lib/tarmak/registry`. The machine is known there by its agent's certificate.
#
# @param address `host:port` of the registry; left out, there is none.
# @param authority Certificate, PEM, that signed the registry's; left out, the machine trusts it anyway.
# @param repositories Names of the repositories it may pull from.
class tarmak::registry (
  Optional[Pattern[/\A[0-9A-Za-z.:-]+\z/]] $address      = undef,
  Optional[String[1]]                      $authority    = undef,
  Array[String[1]]                         $repositories = [],
) {
  $ensure = $address ? {
    undef   => 'absent',
    default => 'directory',
  }

  file { '/etc/tarmak/registry':
    ensure  => $ensure,
    owner   => 'root',
    group   => 'root',
    mode    => '0755',
    recurse => true,
    purge   => true,
    force   => true,
  }

  if $address {
    file { '/etc/tarmak/registry/address':
      ensure  => 'file',
      owner   => 'root',
      group   => 'root',
      mode    => '0644',
      content => "${address}\n",
    }

    file { '/etc/tarmak/registry/repositories':
      ensure  => 'file',
      owner   => 'root',
      group   => 'root',
      mode    => '0644',
      content => $repositories.map |$name| { "${name}\n" }.join,
    }

    if $authority {
      file { '/etc/tarmak/registry/authority.pem':
        ensure  => 'file',
        owner   => 'root',
        group   => 'root',
        mode    => '0644',
        content => $authority,
      }
    }
  }
}
