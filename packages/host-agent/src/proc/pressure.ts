import { type Metric, point } from '../metric.ts';

/**
 * `/proc/pressure/{cpu,memory,io}` (kernel: Documentation/accounting/psi.rst), in the names that the semantic conventions are about to take
 * (open-telemetry/semantic-conventions#3528). The rate of the total is the share of time in which some, or all, tasks waited.
 */
export function pressureMetrics(resource: 'cpu' | 'memory' | 'io', text: string): Metric[] {
  const points = [...text.matchAll(/^(some|full) .*\btotal=(\d+)$/gm)].map(([, type = '', microseconds]) =>
    point(Number(microseconds) / 1e6, { 'system.linux.pressure.stall_type': type }),
  );
  return points.length === 0 ? [] : [{ name: `system.${resource}.linux.pressure.total`, unit: 's', type: 'counter', points }];
}
