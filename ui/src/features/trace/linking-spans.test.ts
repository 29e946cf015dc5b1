import { expect, test } from 'vitest';
import { bySpanLinked } from './linking-spans.ts';

const span = (spanId: string, linkedSpanIds: string[]) => ({
  traceId: 'ab'.repeat(16),
  spanId,
  service: 'worker',
  name: 'process',
  startTimeUnixNano: '1',
  durationNs: 5,
  failed: false,
  linkedSpanIds,
});

test('a span that links to several is found at each, in the order of the answer', () => {
  const found = bySpanLinked([span('1', ['a', 'b']), span('2', ['b'])]);
  expect([...found].map(([id, spans]) => [id, spans.map(({ spanId }) => spanId)])).toEqual([
    ['a', ['1']],
    ['b', ['1', '2']],
  ]);
});
