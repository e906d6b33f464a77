# A copy of one of the machine's certificates that the etcd user can read.
#
# etcd reads certificates and keys anew at every handshake, so a renewal needs no restart and no member leaves the quorum for it.
# Only a changed authority needs one; `etcd::instance` subscribes to it.
#
# @param source The certificate's name in `/etc/tarmak/pki`.
define etcd::certificate (
  Tarmak::Certificatename $source,
) {
  file {
    default:
      owner => 'etcd',
      group => 'etcd',
      mode  => '0400';

    "/etc/etcd/pki/${name}.key":
      source    => "/etc/tarmak/pki/${source}.key",
      show_diff => false;

    "/etc/etcd/pki/${name}.crt":
      source => "/etc/tarmak/pki/${source}.crt";

    "/etc/etcd/pki/${name}-ca.crt":
      source => "/etc/tarmak/pki/${source}-ca.crt";
  }
}
