# frozen_string_literal: true

require 'json'
require 'puppet'

# Writes what the agent sends to the engine: one JSON file, whole or not at all.
Puppet::Reports.register_report(:tarmak) do
  desc 'Writes the run as JSON for the Tarmak agent.'

  # Puppet's own bookkeeping, of no interest to an owner.
  bookkeeping = %w[Schedule Filebucket Class Stage Whit].freeze

  # A failed service brings a page of its journal along: its first line says what, its last ones why.
  shorten = lambda do |text|
    lines = text.to_s.lines.map(&:strip).reject(&:empty?)
    kept = lines.size > 6 ? [lines.first, '…', *lines.last(4)] : lines
    kept.map { |line| line[0, 400] }.join("\n")
  end

  define_method(:process) do
    resources = resource_statuses.values.reject { |r| bookkeeping.include?(r.resource_type) }.map do |r|
      state = if r.failed || r.failed_to_restart then 'failed'
              elsif r.skipped then 'skipped'
              elsif r.changed then 'changed'
              else 'unchanged'
              end
      row = {
        'type' => r.resource_type, 'title' => r.title, 'status' => state,
        'durationMs' => ((r.evaluation_time || 0) * 1000).round
      }
      message = r.events.reject { |e| e.status == 'audit' }.first(5).map { |e| shorten.call(e.message) }.join('; ')
      row['message'] = message unless state == 'unchanged'
      row
    end

    document = {
      'format' => 1,
      'status' => status,
      'bundle' => File.basename(File.realpath('/var/lib/tarmak/bundle')),
      'startedAt' => time.utc.strftime('%Y-%m-%dT%H:%M:%S.%LZ'),
      'durationMs' => ((Time.now - time) * 1000).round,
      'resources' => resources,
      'logs' => logs.select { |l| %i[warning err alert emerg crit].include?(l.level) }.first(100).map do |l|
        { 'level' => l.level.to_s, 'source' => l.source.to_s, 'message' => shorten.call(l.message) }
      end
    }

    target = File.join(Puppet[:vardir], 'report.json')
    temporary = "#{target}.new"
    File.open(temporary, 'w', 0o600) { |f| f.write(JSON.generate(document)) }
    File.rename(temporary, target)
  end
end
