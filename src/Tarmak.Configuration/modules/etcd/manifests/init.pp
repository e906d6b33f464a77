# What all etcd instances of a machine share: the program, the owner, the data volume and the certificates.
#
# @param server_certificate The certificate shown to clients.
# @param peer_certificate The certificate shown to and demanded from other members.
# @param client_certificate The certificate of this machine's own health checks.
class etcd (
  Tarmak::Certificatename $server_certificate = 'etcd-server',
  Tarmak::Certificatename $peer_certificate = 'etcd-peer',
  Tarmak::Certificatename $client_certificate = 'etcd-client',
) {
  # The programs are baked into the image, and instances have no way to a package archive. There is no `package` resource on purpose:
  # loading Puppet's package providers would cost a second of every run.

  # Debian's own unit is one instance with other paths.
  service { 'etcd':
    ensure => stopped,
    enable => false,
  }

  file {
    default:
      ensure => directory,
      owner  => 'etcd',
      group  => 'etcd',
      mode   => '0700';

    '/etc/etcd':
      owner => 'root',
      group => 'root',
      mode  => '0755';

    '/etc/etcd/pki':
      ;

    # Where the data volume is mounted.
    '/var/lib/etcd':
      ;
  }

  etcd::certificate {
    'server':
      source => $server_certificate;

    'peer':
      source => $peer_certificate;

    'client':
      source => $client_certificate;
  }
}
