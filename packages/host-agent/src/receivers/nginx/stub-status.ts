import { type Metric, point } from '../../metric.ts';

/** The answer of ngx_http_stub_status_module, in the names of OpenTelemetry's nginxreceiver. Nothing where it is something else. */
export function stubStatusMetrics(text: string): Metric[] | undefined {
  const active = /^Active connections: (\d+)/m.exec(text)?.[1];
  const [, accepted, handled, requests] = /^ *(\d+) (\d+) (\d+) *$/m.exec(text) ?? [];
  const [, reading, writing, waiting] = /^Reading: (\d+) Writing: (\d+) Waiting: (\d+)/m.exec(text) ?? [];
  if (active === undefined || requests === undefined || waiting === undefined) return undefined;
  const counter = (name: string, unit: string, value: string | undefined): Metric => ({
    name,
    unit,
    type: 'counter',
    points: [point(Number(value))],
  });
  const states = Object.entries({ active, reading, writing, waiting });
  return [
    counter('nginx.requests', 'requests', requests),
    counter('nginx.connections_accepted', 'connections', accepted),
    counter('nginx.connections_handled', 'connections', handled),
    {
      name: 'nginx.connections_current',
      unit: 'connections',
      type: 'level',
      points: states.map(([state, count]) => point(Number(count), { state })),
    },
  ];
}
