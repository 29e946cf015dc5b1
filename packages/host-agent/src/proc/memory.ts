import { type Metric, point } from '../metric.ts';

/**
 * `/proc/meminfo`. The states add up to the total, as the conventions ask: used is what is neither free nor buffers nor cache, and
 * reclaimable slabs are cache, as free(1) counts them.
 */
export function memoryMetrics(meminfo: string): Metric[] {
  const bytesOf = (name: string): number | undefined => {
    const kibibytes = new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(meminfo)?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  };
  const total = bytesOf('MemTotal');
  const free = bytesOf('MemFree');
  const buffers = bytesOf('Buffers');
  const pageCache = bytesOf('Cached');
  const available = bytesOf('MemAvailable');
  const swapTotal = bytesOf('SwapTotal');
  const swapFree = bytesOf('SwapFree');

  const metrics: Metric[] = [];
  if (total !== undefined && free !== undefined && buffers !== undefined && pageCache !== undefined) {
    const cached = pageCache + (bytesOf('SReclaimable') ?? 0);
    const states = { used: total - free - buffers - cached, free, buffers, cached };
    const points = Object.entries(states).map(([state, bytes]) => point(bytes, { 'system.memory.state': state }));
    metrics.push({ name: 'system.memory.usage', unit: 'By', type: 'level', points });
  }
  if (total !== undefined) metrics.push({ name: 'system.memory.limit', unit: 'By', type: 'level', points: [point(total)] });
  if (available !== undefined) {
    metrics.push({ name: 'system.linux.memory.available', unit: 'By', type: 'level', points: [point(available)] });
  }
  // No swap is not an empty swap.
  if (swapTotal !== undefined && swapTotal > 0 && swapFree !== undefined) {
    const states = { used: swapTotal - swapFree, free: swapFree };
    const points = Object.entries(states).map(([state, bytes]) => point(bytes, { 'system.paging.state': state }));
    metrics.push({ name: 'system.paging.usage', unit: 'By', type: 'level', points });
  }
  return metrics;
}

/** `/proc/vmstat`: page faults, and pages that went to and came from swap. */
export function pagingMetrics(vmstat: string): Metric[] {
  const countOf = (name: string): number | undefined => {
    const count = new RegExp(`^${name} (\\d+)$`, 'm').exec(vmstat)?.[1];
    return count === undefined ? undefined : Number(count);
  };
  const all = countOf('pgfault');
  const major = countOf('pgmajfault');
  const swappedIn = countOf('pswpin');
  const swappedOut = countOf('pswpout');
  const metrics: Metric[] = [];
  if (all !== undefined && major !== undefined) {
    const points = [
      point(major, { 'system.paging.fault.type': 'major' }),
      point(all - major, { 'system.paging.fault.type': 'minor' }),
    ];
    metrics.push({ name: 'system.paging.faults', unit: '{fault}', type: 'counter', points });
  }
  if (swappedIn !== undefined && swappedOut !== undefined) {
    const points = [
      point(swappedIn, { 'system.paging.direction': 'in' }),
      point(swappedOut, { 'system.paging.direction': 'out' }),
    ];
    metrics.push({ name: 'system.paging.operations', unit: '{operation}', type: 'counter', points });
  }
  return metrics;
}
