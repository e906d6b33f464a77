# A reference to a secret; data never holds the value.
type Tarmak::Secretreference = Pattern[/\Asecret:\/\/[a-z0-9][a-z0-9._-]{0,127}\z/]
