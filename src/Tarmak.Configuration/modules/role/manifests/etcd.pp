# A member of the cluster's etcd.
class role::etcd {
  include profile::base
  include profile::etcd
}
