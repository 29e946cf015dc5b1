import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApiError, createApiClient, methods, type OperationId, paths } from './client.ts';

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<'get' | 'put', { readonly operationId: string }>>>>;
}

test('the operations and their paths are those of docs/openapi.json', () => {
  const document = JSON.parse(readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8')) as OpenApi;
  const declared = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { operationId }]) => ({ id: operationId as OperationId, path, method })),
  );
  expect(paths).toEqual(Object.fromEntries(declared.map(({ id, path }) => [id, path])));
  for (const { id, method } of declared) expect((methods[id] ?? 'GET').toLowerCase(), id).toBe(method);
});

test('names go into a path whole, and lists repeat their key', () => {
  const { url } = createApiClient();
  expect(url('getService', { params: { service: 'a/b ?#%' } })).toBe('/api/v1/services/a%2Fb%20%3F%23%25');
  expect(url('listTraces', { query: { service: 'a&b', attribute: ['k=v', 'x=y=z'], limit: 5 } })).toBe(
    '/api/v1/traces?service=a%26b&attribute=k%3Dv&attribute=x%3Dy%3Dz&limit=5',
  );
});

const server = createServer((request, response) => {
  const problem = { code: 'bad-parameter', detail: 'No.', title: 'Bad Request' };
  const bodies: Readonly<Record<string, [number, string]>> = {
    '/api/v1/health': [200, JSON.stringify({ status: request.headers['x-key'] })],
    '/api/v1/hosts': [400, JSON.stringify(problem)],
    '/api/v1/services': [502, '<html>'],
  };
  const [status, body] = bodies[request.url ?? ''] ?? [404, ''];
  response.writeHead(status).end(body);
});
let baseUrl = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`;
});
afterAll(() => void server.close());

test('answers, problems, pages of a proxy, nobody there and an abort are told apart', async () => {
  const client = createApiClient({ baseUrl, headers: { 'x-key': 'k' } });
  expect(await client.call('getHealth', {})).toEqual({ status: 'k' });
  await expect(client.call('listHosts', {})).rejects.toMatchObject({ status: 400, code: 'bad-parameter', message: 'No.' });
  await expect(client.call('listServices', {})).rejects.toMatchObject({ status: 502, code: 'unexpected' });
  const nobody = createApiClient({ baseUrl: 'http://127.0.0.1:1' }).call('getHealth', {});
  await expect(nobody).rejects.toMatchObject({ status: 0, code: 'unreachable' });
  await expect(nobody).rejects.toThrow(ApiError);
  await expect(client.call('getHealth', {}, AbortSignal.abort())).rejects.toHaveProperty('name', 'AbortError');
});
