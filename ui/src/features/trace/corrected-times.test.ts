import { expect, test } from 'vitest';
import { correctedTrace } from './corrected-times.ts';
import { drawnTrace } from './testing/drawn-trace.ts';
import { traceView } from './trace-view.ts';

const skewed = drawnTrace(
  `
  web  POST /pay         |==========|
    web  call             |========|
      pay  charge    |====|
        pay  read     |=|
`,
  {
    call: { kind: 'client' },
    charge: {
      kind: 'server',
      events: [{ name: 'charged', timeUnixNano: '1800000000002000000', attributes: {}, droppedAttributesCount: 0 }],
    },
  },
);
const startsMs = (trace: typeof skewed) => traceView(trace).nodes.map(({ span, startNs }) => [span.name, startNs / 1e6]);

test('a server whose clock is behind is moved into the call, and what its machine says with it', () => {
  expect(startsMs(skewed)).toEqual([
    ['POST /pay', 4],
    ['call', 5],
    ['charge', 0],
    ['read', 1],
  ]);
  const corrected = correctedTrace(skewed);
  expect(startsMs(corrected)).toEqual([
    ['POST /pay', 0],
    ['call', 1],
    ['charge', 3],
    ['read', 4],
  ]);
  expect(corrected.startTimeUnixNano).toBe('1800000000004000000');
  expect(corrected.durationNs).toBe(11e6);
  expect(corrected.spans[2]?.events[0]?.timeUnixNano).toBe('1800000000009000000');
});

test('self and critical times are those of the corrected tree, durations stay', () => {
  const corrected = correctedTrace(skewed);
  expect(corrected.spans.map(({ selfNs }) => selfNs / 1e6)).toEqual([2, 4, 3, 2]);
  expect(corrected.spans.reduce((sum, { criticalNs }) => sum + criticalNs, 0)).toBe(11e6);
  expect(corrected.spans.map(({ durationNs }) => durationNs)).toEqual(skewed.spans.map(({ durationNs }) => durationNs));
});

test('where clocks agree it is the very same trace', () => {
  const trace = drawnTrace('  web  GET /  |===|');
  expect(correctedTrace(trace)).toBe(trace);
});
