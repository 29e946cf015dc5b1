import { fieldKey } from '@sonde/model';
import { slowValue } from './slow-search.ts';
import type { SampleSpan } from './sample-spans.ts';

/** The columns that stand for an attribute under its older names too: such a key is counted once. */
const resourceKeys = ['service.name', 'service.instance.id', 'service.version', 'host.name', 'host.id', 'os.type'];

/** Each key of a span with its value, as text; what is empty is not there. */
export function valuesOf(span: SampleSpan): Map<string, string> {
  const fields = [
    ...(['name', 'status', 'kind'] as const).map((key) => ({ scope: 'intrinsic' as const, key })),
    ...resourceKeys.map((key) => ({ scope: 'resource' as const, key })),
    ...Object.keys(span.attributes).map((key) => ({ scope: 'attribute' as const, key })),
  ];
  const values = new Map<string, string>();
  for (const field of fields) {
    const value = String(slowValue(field, span) ?? '');
    if (value !== '') values.set(fieldKey(field), value);
  }
  return values;
}

/** How many of the spans have each value of each key. */
export function countValues(spans: readonly SampleSpan[]): Map<string, Map<string, number>> {
  const counts = new Map<string, Map<string, number>>();
  for (const span of spans) {
    for (const [key, value] of valuesOf(span)) {
      const own = counts.get(key) ?? new Map<string, number>();
      own.set(value, (own.get(value) ?? 0) + 1);
      counts.set(key, own);
    }
  }
  return counts;
}
