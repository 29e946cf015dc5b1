import type { Trace } from '@sonde/api';
import { expect, test } from 'vitest';
import { drawnTrace } from '../testing/drawn-trace.ts';
import { FileError, type FileProblem } from './fields.ts';
import { readTraceFile } from './read-trace-file.ts';
import { traceToOtlp } from './trace-to-otlp.ts';

const drawn = drawnTrace(
  `
  web  GET /cart     |==========|
    cart  list        |====|
      cart  SELECT     |=!|
`,
  {
    'GET /cart': { kind: 'server', flags: 257, traceState: 'a=1' },
    SELECT: {
      kind: 'client',
      attributes: {
        text: 'a "quoted" 12345678901234567890',
        int: 7,
        double: 0.25,
        large: '9223372036854775807',
        yes: true,
        nothing: null,
        list: ['a', 1, [2.5]],
        map: { k: { deep: false } },
        __proto__x: 'safe',
      },
      droppedAttributesCount: 2,
      events: [
        {
          timeUnixNano: '1800000000001000001',
          name: 'exception',
          attributes: { 'exception.type': 'E' },
          droppedAttributesCount: 1,
        },
      ],
      links: [
        {
          traceId: 'ab'.repeat(16),
          spanId: 'cd'.repeat(8),
          traceState: 'x=y',
          attributes: { why: 'batch' },
          droppedAttributesCount: 0,
          flags: 1,
        },
      ],
      status: { code: 'error', message: 'no such table' },
      scope: { name: 'pg', version: '1.2', attributes: { a: 1 }, schemaUrl: 'https://scope' },
    },
  },
);
const services = ['web', 'cart'];
const trace: Trace = {
  ...drawn,
  resources: services.map((name) => ({
    attributes: { 'service.name': name, 'host.name': `${name}-1`, 'service.instance.id': 'i' },
    droppedAttributesCount: 3,
    schemaUrl: 'https://resource',
  })),
  spans: drawn.spans.map((span) => ({
    ...span,
    resource: services.indexOf(span.service),
    host: `${span.service}-1`,
    instance: 'i',
  })),
};

test('a downloaded trace read again is the same trace', () => {
  expect(readTraceFile(JSON.stringify(traceToOtlp(trace)))).toEqual([trace]);
});

test('so is the JSON of the JSON tab', () => {
  expect(readTraceFile(JSON.stringify(trace, null, 2))).toEqual([trace]);
});

test('one request on each line, bare 64-bit integers and names of enums are understood', () => {
  const otlp = JSON.stringify(traceToOtlp(trace));
  const bare = otlp.replace(/"(\d{19})"/g, '$1').replace('"kind":3', '"kind":"SPAN_KIND_CLIENT"');
  const elsewhere = otlp.replaceAll(trace.traceId, 'ef'.repeat(16));
  const read = readTraceFile(`${bare}\n${elsewhere}\n`);
  // The largest int64 comes back as the string that it has to be.
  expect(read).toEqual([trace, { ...trace, traceId: 'ef'.repeat(16) }]);
});

function problemOf(text: string): FileProblem | undefined {
  try {
    readTraceFile(text);
    return undefined;
  } catch (error) {
    return error instanceof FileError ? error.problem : undefined;
  }
}

const withSpan = (span: object) => JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
const good = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), startTimeUnixNano: '1', endTimeUnixNano: '2' };

test('what is wrong with a file is named, with its place', () => {
  expect(problemOf('{"resourceSpans": [')).toMatchObject({ problem: 'json' });
  expect(problemOf('{"data": []}')).toEqual({ problem: 'shape' });
  expect(problemOf('[1]')).toEqual({ problem: 'shape' });
  expect(problemOf('{"resourceSpans": []}')).toEqual({ problem: 'empty' });
  expect(problemOf('{"resourceSpans": {}}')).toEqual({ problem: 'field', path: 'resourceSpans', expected: 'list' });
  const place = 'resourceSpans[0].scopeSpans[0].spans[0]';
  expect(problemOf(withSpan({ ...good, traceId: 'xyz' }))).toEqual({
    problem: 'field',
    path: `${place}.traceId`,
    expected: 'traceId',
  });
  expect(problemOf(withSpan({ ...good, spanId: '0'.repeat(16) }))).toMatchObject({ path: `${place}.spanId` });
  expect(problemOf(withSpan({ ...good, endTimeUnixNano: 'soon' }))).toMatchObject({ expected: 'time' });
  expect(problemOf(withSpan({ ...good, attributes: [{ value: {} }] }))).toMatchObject({
    path: `${place}.attributes[0]`,
    expected: 'attribute',
  });
  expect(problemOf(withSpan(good))).toBeUndefined();
});

test('a span that ends before it begins has no duration, and a warning says so', () => {
  const [read] = readTraceFile(
    withSpan({ ...good, startTimeUnixNano: '5', endTimeUnixNano: '3', parentSpanId: 'ee'.repeat(8) }),
  );
  expect(read?.spans[0]?.durationNs).toBe(0);
  expect(read?.warnings.map(({ code }) => code)).toEqual(['missing-parent', 'negative-duration']);
});
