import { expect, test } from 'vitest';
import { readDestination } from './destination.ts';

const read = (signal: 'traces' | 'metrics', environment: Record<string, string>) => {
  const warnings: string[] = [];
  const destination = readDestination(signal, environment, (message) => warnings.push(message));
  return {
    url: destination?.url.href,
    headers: destination?.headers,
    gzip: destination?.gzip,
    timeoutMs: destination?.timeoutMs,
    warnings,
  };
};

test('by default the local collector, compressed', () => {
  expect(read('traces', {})).toEqual({
    url: 'http://localhost:4318/v1/traces',
    headers: {},
    gzip: true,
    timeoutMs: 10_000,
    warnings: [],
  });
});

test('the general endpoint gets the path of the signal, its own is taken as it is', () => {
  expect(read('metrics', { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://c/otlp/' }).url).toBe('https://c/otlp/v1/metrics');
  expect(read('metrics', { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'https://c/otlp/' }).url).toBe('https://c/otlp/');
  expect(read('traces', { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'https://c/otlp/' }).url).toBe(
    'http://localhost:4318/v1/traces',
  );
});

test('headers, timeout and compression; those of the signal win', () => {
  expect(
    read('traces', {
      OTEL_EXPORTER_OTLP_HEADERS: 'a=1',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-key=a%20b, y=1=2,z',
      OTEL_EXPORTER_OTLP_TIMEOUT: '500',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'none',
    }),
  ).toMatchObject({ headers: { 'x-key': 'a b', y: '1=2' }, timeoutMs: 500, gzip: false });
});

test.each(['localhost:4318', 'ftp://c', 'not an address'])('%s: not sent, and said', (endpoint) => {
  const { url, warnings } = read('traces', { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
  expect(url).toBeUndefined();
  expect(warnings[0]).toContain('OTEL_EXPORTER_OTLP_ENDPOINT');
});

test('another protocol is said', () => {
  expect(read('traces', { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }).warnings[0]).toContain('grpc');
});
