import { expect, test } from 'vitest';
import { stubStatusMetrics } from './stub-status.ts';

test('the answer of nginx 1.22', () => {
  const text = 'Active connections: 3 \nserver accepts handled requests\n 100 99 250 \nReading: 0 Writing: 1 Waiting: 2 \n';
  const lines = stubStatusMetrics(text)?.flatMap(({ name, points }) =>
    points.map(({ value, attributes }) => `${name} ${Object.values(attributes).join(' ')}: ${value}`),
  );
  expect(lines).toEqual([
    'nginx.requests : 250',
    'nginx.connections_accepted : 100',
    'nginx.connections_handled : 99',
    'nginx.connections_current active: 3',
    'nginx.connections_current reading: 0',
    'nginx.connections_current writing: 1',
    'nginx.connections_current waiting: 2',
  ]);
});

test('a page of something else', () => {
  expect(stubStatusMetrics('<html>Welcome to nginx!</html>')).toBeUndefined();
});
