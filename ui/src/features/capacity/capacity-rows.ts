import type { CapacityItem, ScaledItem } from '@sonde/api';

type Subject = Pick<CapacityItem, 'kind' | 'name' | 'resource' | 'part'>;

export function rowKey({ kind, name, part, resource }: Subject): string {
  return JSON.stringify([kind, name, resource, part]);
}

export type Reason = Exclude<CapacityItem['fitUnknown'] | CapacityItem['trendUnknown'], null>;

export interface CapacityRow extends CapacityItem {
  readonly key: string;
  /** Why there is neither headroom nor an end. */
  readonly reason: Reason | null;
}

export function capacityRows(items: readonly CapacityItem[], find: string, of: 'rate' | 'fills' | undefined): CapacityRow[] {
  const wanted = find.trim().toLowerCase();
  return items
    .filter(({ fitUnknown }) => of === undefined || (of === 'fills') === (fitUnknown === 'by time'))
    .filter(({ name, part, resource }) => `${name} ${resource} ${part ?? ''}`.toLowerCase().includes(wanted))
    .map((item) => ({
      ...item,
      key: rowKey(item),
      reason: item.fitUnknown === 'by time' ? item.trendUnknown : item.fitUnknown,
    }));
}

/** Against the bound of its own: beyond it is bad, beyond nine tenths of it a warning. */
export function boundTone(utilization: number | null, bound: number): 'bad' | 'warn' | undefined {
  if (utilization === null || utilization < 0.9 * bound) return undefined;
  return utilization >= bound ? 'bad' : 'warn';
}

/** A factor of the peak: below 1 the peak is saturated, below 1.3 it soon is. */
export function headroomTone(factor: number | null): 'bad' | 'warn' | undefined {
  if (factor === null || factor >= 1.3) return undefined;
  return factor < 1 ? 'bad' : 'warn';
}

export function daysTone(days: number | null): 'bad' | 'warn' | undefined {
  if (days === null || days >= 30) return undefined;
  return days < 7 ? 'bad' : 'warn';
}

/** Rounded down: what is promised must fit. */
export function factorText(factor: number): string {
  if (factor >= 100) return '×100+';
  const step = factor >= 10 ? 1 : 10;
  return `×${Math.floor(factor * step + 1e-9) / step}`;
}

export interface ScaledRow extends ScaledItem {
  readonly key: string;
  readonly isFirst: boolean;
}

/** `isFirst`: the one that saturates before all others. */
export function scaledRows(items: readonly ScaledItem[]): ScaledRow[] {
  return items.map((item, i) => ({ ...item, key: rowKey(item), isFirst: i === 0 && item.saturatesAtFactor !== null }));
}
