# What every role begins with.
class profile::base {
  contain tarmak
}
