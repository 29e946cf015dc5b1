export const nav = {
  checkup: 'Checkup',
  emergency: 'Emergency',
  overview: 'Overview',
  services: 'Services',
  top: 'Top N',
  hosts: 'Hosts',
  traces: 'Traces',
  latency: 'Latency distribution',
  main: 'Main',
  skip: 'Skip to content',
  settings: 'Settings',
  dark: 'Dark',
  light: 'Light',
  language: 'Language',
  shortcuts: 'Keyboard shortcuts',
  notFound: 'There is no such page.',
  pageFailed: 'This page could not be drawn.',
};

export const palette = {
  open: 'Search or jump to…',
  placeholder: 'A page, a service, a host, or a trace id',
  pages: 'Pages',
  services: 'Services',
  hosts: 'Hosts',
  trace: 'Trace',
  openTrace: (id: string) => `Open trace ${id}`,
  nothing: 'Nothing of that name in this time range.',
};

export const range = {
  label: 'Time range',
  last: {
    '5m': 'Last 5 minutes',
    '15m': 'Last 15 minutes',
    '1h': 'Last 1 hour',
    '3h': 'Last 3 hours',
    '12h': 'Last 12 hours',
    '24h': 'Last 24 hours',
    '7d': 'Last 7 days',
  },
  earlier: 'Earlier',
  later: 'Later',
  from: 'From',
  to: 'To',
  apply: 'Apply',
  wrong: 'The end must be after the start.',
  refresh: 'Refresh',
  live: 'Live',
  liveHint: 'Fetch anew every 10 seconds',
  copyLink: 'Copy link',
  copied: 'Copied',
};

export const environment = {
  label: 'Environment',
  all: 'All environments',
};

export const keys = {
  title: 'Keyboard shortcuts',
  palette: 'Search or jump to',
  search: 'Focus the search of this page',
  rows: 'Next, previous row',
  open: 'Open the row',
  close: 'Close what is open',
  collapse: 'Collapse, expand a subtree',
  matches: 'Next, previous match',
  help: 'This list',
};

export const common = {
  service: 'Service',
  services: 'Services',
  host: 'Host',
  hosts: 'Hosts',
  name: 'Name',
  instance: 'Instance',
  version: 'Version',
  requests: 'Requests',
  requestsPerSecond: 'Requests/s',
  errors: 'Errors',
  trend: 'Trend',
  cpuTrend: 'CPU trend',
  duration: 'Duration',
  lastSeen: 'Last seen',
  justNow: 'now',
  spans: 'Spans',
  unknown: 'unknown',
  copy: 'Copy',
  close: 'Close',
  retry: 'Try again',
  clear: 'Clear',
  clearAll: 'Clear all',
  loadMore: 'Load more',
  loading: 'Loading',
  failed: 'This could not be loaded.',
  unreachable: 'The collector does not answer. It listens on port 4320 unless SONDE_PORT says otherwise.',
  noData: 'No data in this time range.',
  of: 'of',
  dragToZoom: 'drag to zoom',
};

export const send = {
  instrument: 'Start a Node.js service with the agent; its code stays as it is:',
  host: 'Start the host agent on each machine:',
  widen: 'Or look at a longer time range.',
};
