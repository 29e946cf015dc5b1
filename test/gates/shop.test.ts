import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

// The shop stands for anybody's services: what Sonde shows of it must come from the agent alone.

const sources = resolve(import.meta.dirname, '../../packages/shop/src');
const importsTracing = (text: string): boolean => /['"](@opentelemetry\/|@sonde\/)/.test(text);
/** It names the agent, to load it into the services. */
const starter = 'supervisor/processes.ts';

test('no service of the shop knows of tracing', () => {
  const files = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  expect(files).toContain('services/orders.ts');
  const knowing = files.filter((file) => importsTracing(readFileSync(join(sources, file), 'utf8')));
  expect(knowing).toEqual([starter]);
});

test.each([
  `import { trace } from '@opentelemetry/api';`,
  `const { trace } = await import("@opentelemetry/api");`,
  `import '@sonde/agent/register';`,
])('the gate sees %s', (line) => {
  expect(importsTracing(line)).toBe(true);
});
