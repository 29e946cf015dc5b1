import { expect, test } from 'vitest';
import { parseReceivers } from './config-file.ts';
import { type ReceiverKind, receiverKind } from './receiver.ts';
import { booleanSetting, hostPortSetting, integerSetting, textSetting } from './settings.ts';

const cache: ReceiverKind = receiverKind({
  kind: 'cache',
  settings: {
    endpoint: hostPortSetting({ default: undefined, sentence: 'The server.' }, 6379),
    password: textSetting({ default: '', sentence: 'Of the user.', secret: true }),
    rows: integerSetting({ default: '10', sentence: 'At most so many.' }, 1, 100),
    slow: booleanSetting({ default: 'true', sentence: 'Whether it is asked.' }),
  },
  system: {},
  server: ({ endpoint }) => endpoint,
  open: () => ({ scrape: async () => ({ metrics: [] }), close: async () => undefined }),
});

const parse = (text: string, environment: NodeJS.ProcessEnv = {}) => parseReceivers(text, environment, [cache]);

test('values, defaults, and what the environment holds', () => {
  const text = `
receivers:
  cache:
    endpoint: 127.0.0.1
  cache/session:
    endpoint: "[::1]:7000"
    password: \${env:CACHE_PASSWORD}-\${env:CACHE_PASSWORD}
    rows: \${env:CACHE_ROWS}
    slow: false
    interval_seconds: 60
`;
  expect(parse(text, { CACHE_PASSWORD: 'pa$${x}', CACHE_ROWS: '7' })).toMatchObject([
    {
      id: 'cache',
      settings: { endpoint: { address: '127.0.0.1', port: 6379 }, password: '', rows: 10, slow: true },
      intervalSeconds: undefined,
      secrets: [],
    },
    {
      id: 'cache/session',
      settings: { endpoint: { address: '::1', port: 7000 }, password: 'pa$${x}-pa$${x}', rows: 7, slow: false },
      intervalSeconds: 60,
      secrets: ['pa$${x}-pa$${x}'],
    },
  ]);
});

test('nothing configured', () => {
  expect(parse('')).toEqual([]);
  expect(parse('receivers:\n')).toEqual([]);
});

test('what is written with $${ stays as it is', () => {
  expect(parse('receivers: { cache: { endpoint: a, password: "$${env:X}" } }')[0]?.settings).toMatchObject({
    password: '${env:X}',
  });
});

test.each([
  ['unknown kind', 'receivers: { cash: {} }', 'receivers.cash: no such kind; there are cache'],
  ['unknown field', 'receivers: { cache: { endpont: a } }', 'receivers.cache.endpont: unknown; there are endpoint, password'],
  ['unknown key', 'exporters: {}', 'exporters: unknown; there are receivers'],
  ['missing', 'receivers: { cache: }', 'receivers.cache.endpoint: is missing; it must be `host:port`'],
  ['wrong value', 'receivers: { cache: { endpoint: "a b" } }', "receivers.cache.endpoint: 'a b' is not `host:port`"],
  ['wrong port', 'receivers: { cache: { endpoint: "a:99999" } }', "receivers.cache.endpoint: 'a:99999' is not"],
  ['out of range', 'receivers: { cache: { endpoint: a, rows: 101 } }', "receivers.cache.rows: '101' is not 1 to 100"],
  ['no interval', 'receivers: { cache: { endpoint: a, interval_seconds: 0 } }', "cache.interval_seconds: '0' is not 1 to 3600"],
  ['wrong secret', 'receivers: { cache: { endpoint: a, password: [geheim] } }', 'password: what is given is not text'],
  ['no variable', 'receivers: { cache: { endpoint: "${env:WHERE}" } }', 'the environment has no WHERE'],
  ['another ${', 'receivers: { cache: { endpoint: "${WHERE}" } }', '${WHERE} is not ${env:NAME}'],
  ['a list', 'receivers: [cache]', 'receivers: is not a mapping'],
  ['twice', 'receivers:\n  cache: { endpoint: a }\n  cache: { endpoint: a }', 'Map keys must be unique at line 3'],
  ['not YAML', 'receivers: { cache: { endpoint: a, password: geheim ', 'at line 1'],
  ['a name', 'receivers: { "cache/": { endpoint: a } }', 'receivers.cache/: is not `cache` or `cache/name`'],
])('%s: one line that names the key', (_case, text, message) => {
  let said = '';
  try {
    parse(text);
  } catch (error) {
    said = error instanceof Error ? error.message : '';
  }
  expect(said).toContain(message);
  expect(said).not.toMatch(/geheim|\n/);
});
