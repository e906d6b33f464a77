# The way in for operators. Its data lets `jump` forward to the cluster's machines.
class role::bastion {
  include profile::bastion
}
