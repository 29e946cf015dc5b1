import { operations } from '@sonde/api';
import { expect, test } from 'vitest';
import { apiUrl, type OperationId, paths } from './api-client.ts';

test('the paths are those of the API', () => {
  const declared = Object.fromEntries((Object.keys(operations) as OperationId[]).map((id) => [id, operations[id].path]));
  expect(paths).toEqual(declared);
});

test('names go into a path whole, and lists repeat their key', () => {
  expect(apiUrl('getService', { params: { service: 'a/b ?#%' } })).toBe('/api/v1/services/a%2Fb%20%3F%23%25');
  expect(apiUrl('listTraces', { query: { service: 'a&b', attribute: ['k=v', 'x=y=z'], limit: 5 } })).toBe(
    '/api/v1/traces?service=a%26b&attribute=k%3Dv&attribute=x%3Dy%3Dz&limit=5',
  );
});
