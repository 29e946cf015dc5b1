import { getTrace } from '@sonde/api';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { traceSpansMax } from '../../packages/store/src/query/trace.ts';
import { openStore, type Store } from './loaded-store.ts';

let store: Store;

beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

const spanId = (n: string) => `toFixedString(reinterpretAsString(toUInt64(${n})), 8)`;

/** Half of the spans a chain, each the child of the one before; half all children of the first. */
function insertTrace(id: number, spans: number): Promise<void> {
  return store.engine.command(`
INSERT INTO spans (timestamp, trace_id, span_id, parent_span_id, name, kind, service, duration_ns, attributes, attribute_types)
SELECT fromUnixTimestamp64Nano(toInt64(1773136800000000000 + number * 1000)), toFixedString(unhex('${String(id).repeat(32)}'), 16),
  ${spanId('number + 1')}, multiIf(number = 0, toFixedString('', 8), number % 2 = 0, ${spanId('1')}, ${spanId('greatest(number - 1, 1)')}),
  'work', 1, 'deep', 1000000000 - number * 2000, map('n', toString(number)), 'i'
FROM numbers(${spans})`);
}

test('a trace of as many spans as are shown', async () => {
  await insertTrace(1, traceSpansMax);
  const reply = await store.questions.trace('1'.repeat(32));
  expect(reply?.spans.length).toBe(traceSpansMax);
  expect(reply?.warnings).toEqual([]);
  expect(reply?.spans.at(-1)?.attributes).toEqual({ n: traceSpansMax - 1 });
  expect(Compile(getTrace.reply).Check(reply)).toBe(true);
});

test('one with more says so', async () => {
  await insertTrace(2, traceSpansMax + 5);
  const reply = await store.questions.trace('2'.repeat(32));
  expect(reply?.spans.length).toBe(traceSpansMax);
  expect(reply?.warnings.map(({ code }) => code)).toEqual(['truncated']);
});

test('a trace out of all time is found too', async () => {
  await store.engine.command(`
INSERT INTO spans (timestamp, trace_id, span_id, name, service)
VALUES (fromUnixTimestamp64Nano(5000000000000000000), unhex('${'3'.repeat(32)}'), unhex('${'3'.repeat(16)}'), 'later', 'clock'),
  (fromUnixTimestamp64Nano(0), unhex('${'3'.repeat(32)}'), unhex('${'4'.repeat(16)}'), 'never', 'clock')`);
  const reply = await store.questions.trace('3'.repeat(32));
  expect(reply?.spans.map(({ name }) => name)).toEqual(['never', 'later']);
  expect(reply?.startTimeUnixNano).toBe('0');
});
