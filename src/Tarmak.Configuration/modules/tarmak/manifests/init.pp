# What every machine has, whatever its role: its names, its resolver, its SSH server and its agent.
class tarmak {
  contain tarmak::names
  contain tarmak::ssh
  contain tarmak::agent
}
