# A line of `/etc/hosts`.
type Tarmak::Host = Struct[{
  address => Pattern[/\A[0-9a-fA-F.:]+\z/],
  names   => Array[String[1], 1],
}]
