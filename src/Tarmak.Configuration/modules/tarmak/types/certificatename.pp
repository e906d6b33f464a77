# The name of a certificate on this machine: the stem of its files in `/etc/tarmak/pki`.
type Tarmak::Certificatename = Pattern[/\A[a-z0-9][a-z0-9-]{0,62}\z/]
