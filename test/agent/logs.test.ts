import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Capture, startCapture } from '../fixtures/otlp/capture.ts';
import { type SeenLog } from '../fixtures/otlp/decode.ts';
import { agentByImport, type Ran, runApp } from '../fixtures/run-app.ts';

let capture: Capture;
let ran: Ran;
beforeAll(async () => {
  capture = await startCapture();
  ran = await runApp('logs.mjs', { agent: agentByImport, env: { OTEL_EXPORTER_OTLP_ENDPOINT: capture.url } });
});
afterAll(() => capture.stop());

const record = (body: string): SeenLog | undefined => capture.logs.find((log) => log.body === body);

test('pino and winston: each record is sent once, with the span that it was written in', () => {
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  const span = capture.spans[0];
  expect(capture.logs).toHaveLength(3);
  expect(record('from pino')).toMatchObject({
    traceId: span?.traceId,
    spanId: span?.spanId,
    severityNumber: 13,
    severityText: 'warn',
    attributes: { orderId: 17 },
  });
  expect(record('from winston')).toMatchObject({
    traceId: span?.traceId,
    spanId: span?.spanId,
    severityNumber: 17,
    attributes: { orderId: 18 },
  });
  expect(record('outside')).toMatchObject({ traceId: '', spanId: '' });
});

test("the application's own output has the ids too", () => {
  const lines = ran.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Record<string, unknown> => JSON.parse(line));
  const written = Object.fromEntries(lines.map((line) => [line['msg'] ?? line['message'], line]));
  const ids = { trace_id: capture.spans[0]?.traceId, span_id: capture.spans[0]?.spanId };
  expect(written['from pino']).toMatchObject(ids);
  expect(written['from winston']).toMatchObject(ids);
  expect(written['outside']).not.toHaveProperty('trace_id');
});

test('logs have the resource of the spans', () => {
  expect(capture.logs[0]?.resource).toEqual(capture.spans[0]?.resource);
});
