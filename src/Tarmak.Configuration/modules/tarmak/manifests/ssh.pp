# The SSH server: keys only, no root, one administrator. A bastion adds `jump`, who may forward and nothing else.
#
# @param authorized_keys Public keys that may log in as `tarmak`.
# @param jump Whether `jump` exists, with the same keys.
# @param jump_destinations Where `jump` may forward to, as sshd's `PermitOpen` writes it.
class tarmak::ssh (
  Array[Pattern[/\A(ssh-|ecdsa-|sk-)[!-~]+ [!-~]+( [ -~]*)?\z/]] $authorized_keys = [],
  Boolean                                                       $jump = false,
  Array[Pattern[/\A[!-~]+\z/], 1]                               $jump_destinations = ['*:22'],
) {
  # Neither has a password, and sshd accepts keys only.
  user { 'tarmak':
    ensure => present,
    system => true,
    home   => '/var/lib/tarmak-admin',
    shell  => '/bin/bash',
  }

  if $jump {
    user { 'jump':
      ensure => present,
      system => true,
      home   => '/nonexistent',
      shell  => '/usr/sbin/nologin',
      before => Service['ssh'],
    }

    file { '/etc/ssh/authorized_keys.d/jump':
      owner   => 'root',
      group   => 'root',
      mode    => '0644',
      content => epp('tarmak/authorized_keys.epp', { 'keys' => $authorized_keys }),
      before  => Service['ssh'],
    }
  }

  $users = $jump ? {
    true    => ['tarmak', 'jump'],
    default => ['tarmak'],
  }

  file {
    default:
      owner => 'root',
      group => 'root',
      mode  => '0644';

    '/var/lib/tarmak-admin':
      ensure => directory,
      owner  => 'tarmak',
      mode   => '0700';

    '/etc/sudoers.d/tarmak':
      mode    => '0440',
      content => "tarmak ALL=(ALL:ALL) NOPASSWD: ALL\n";

    '/etc/ssh/authorized_keys.d':
      ensure  => directory,
      mode    => '0755',
      recurse => true,
      purge   => true;

    '/etc/ssh/authorized_keys.d/tarmak':
      content => epp('tarmak/authorized_keys.epp', { 'keys' => $authorized_keys });

    '/etc/ssh/sshd_config.d/50-tarmak.conf':
      mode    => '0600',
      content => epp('tarmak/sshd.conf.epp', {
        'users'        => $users,
        'jump'         => $jump,
        'destinations' => $jump_destinations,
      }),
      notify  => Service['ssh'];
  }

  service { 'ssh':
    ensure  => running,
    enable  => true,
    require => File['/etc/ssh/authorized_keys.d/tarmak', '/etc/sudoers.d/tarmak'],
  }
}
