# What every machine has, whatever its role: its names, its resolver, its SSH server, its registry and its agent.
class tarmak {
  contain tarmak::names
  contain tarmak::ssh
  contain tarmak::registry
  contain tarmak::agent
}
