import { readFileSync } from 'node:fs';
import { type Operation, operations } from '@sonde/api';
import { expect, test } from 'vitest';
import { openApiDocument } from '../../collector/src/api/openapi.ts';

/** To mend: `npx vitest run --config test/vitest.config.ts --project unit test/gates/openapi.test.ts -u`, and read the difference. */
test('docs/openapi.json is what the code says', async () => {
  await expect(`${JSON.stringify(openApiDocument(), null, 2)}\n`).toMatchFileSnapshot('../../docs/openapi.json');
});

test('it says every operation, and each of its parameters', () => {
  const { paths } = JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8')) as ReturnType<
    typeof openApiDocument
  >;
  const all: readonly Operation[] = Object.values(operations);
  for (const { body, id, method = 'get', path, params, query } of all) {
    const operation = paths[path]?.[method];
    expect(operation?.operationId).toBe(id);
    expect(operation?.parameters.map(({ name }) => name)).toEqual([
      ...Object.keys(params.properties),
      ...Object.keys(query.properties),
    ]);
    expect(operation?.requestBody?.content['application/json'].schema).toEqual(body);
  }
});
