# Replaced files may hold keys: nothing is kept in the file bucket.
File {
  backup => false,
}

$role = lookup('tarmak::role', Enum['bastion', 'etcd', 'image'])

include "role::${role}"
