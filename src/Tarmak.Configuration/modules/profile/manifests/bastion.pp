# An SSH server through which operators reach the cluster's machines, and nothing else.
#
# @param destinations Where operators may forward to, as sshd's `PermitOpen` writes it.
class profile::bastion (
  Array[String[1], 1] $destinations = ['*:22'],
) {
  class { 'tarmak::ssh':
    jump              => true,
    jump_destinations => $destinations,
  }

  contain tarmak
}
