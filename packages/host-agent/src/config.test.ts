import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

test('the defaults', () => {
  expect(readConfig({})).toMatchObject({ intervalSeconds: 10, resourceAttributes: {} });
  expect(readConfig({}).endpoint.href).toBe('http://localhost:4318/');
});

test('values', () => {
  const config = readConfig({
    SONDE_HOST_AGENT_INTERVAL_SECONDS: '2.5',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector/otlp/',
    OTEL_RESOURCE_ATTRIBUTES: 'host.name=shop-a, deployment.environment.name=te%20st',
  });
  expect(config).toMatchObject({
    intervalSeconds: 2.5,
    resourceAttributes: { 'host.name': 'shop-a', 'deployment.environment.name': 'te st' },
  });
  expect(config.endpoint.href).toBe('https://collector/otlp/');
});

test.each([
  ['SONDE_HOST_AGENT_INTERVAL_SECONDS', '0'],
  ['SONDE_HOST_AGENT_INTERVAL_SECONDS', 'often'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'ftp://collector'],
])('%s=%s stops the start and is named', (variable, value) => {
  expect(() => readConfig({ [variable]: value })).toThrow(variable);
});
