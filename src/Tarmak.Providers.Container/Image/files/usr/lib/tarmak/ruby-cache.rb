# frozen_string_literal: true

# Keeps Puppet's compiled sources and the places where they were found, so that a run does not look for and parse a thousand files again. The image's build
# fills the cache; sources of a bundle are added by its first run.
require 'bootsnap'

%w[concurrent-ruby facter hocon semantic_puppet].each do |name|
  gem name
rescue Gem::LoadError
  # Not a gem in this release; then it is on Ruby's own path.
  next
end

Bootsnap.setup(
  cache_dir: '/var/cache/tarmak/ruby',
  development_mode: false,
  load_path_cache: true,
  compile_cache_iseq: true,
  compile_cache_yaml: false,
  compile_cache_json: false
)
