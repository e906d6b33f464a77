# The agent starts with the machine. It runs Puppet itself, so it is never restarted from here.
class tarmak::agent {
  service { 'tarmak-agent':
    enable => true,
  }
}
