# Resolves a reference of the form `secret://NAME` to the value that the agent put on this machine's memory-backed file system.
#
# @param reference The reference, as it stands in the data.
# @return The value, never printed nor stored by Puppet.
function tarmak::secret(Tarmak::Secretreference $reference) >> Sensitive[String] {
  Sensitive(file("/run/tarmak/secrets/${reference[9, -1]}"))
}
