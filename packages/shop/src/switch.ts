/**
 * Flips a switch of a running shop, or lists them all:
 *
 *   node packages/shop/dist/switch.js [<name> on|off] [--control http://127.0.0.1:4330]
 */
import { parseArgs } from 'node:util';

interface State {
  readonly name: string;
  readonly on: boolean;
  readonly does: string;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { control: { type: 'string', default: 'http://127.0.0.1:4330' } },
});
const [name, position] = positionals;

async function ask<Reply>(path: string, init?: RequestInit): Promise<Reply> {
  const response = await fetch(new URL(path, values.control), init);
  const reply: unknown = await response.json();
  if (!response.ok) throw new Error(`${path}: ${JSON.stringify(reply)}`);
  return reply as Reply;
}

if (name !== undefined) {
  if (position !== 'on' && position !== 'off') throw new Error(`say '${name} on' or '${name} off'`);
  await ask(`/switches/${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ on: position === 'on' }),
  });
}
const { items } = await ask<{ items: State[] }>('/switches');
for (const item of items) console.log(`${item.on ? 'on ' : 'off'}  ${item.name.padEnd(16)} ${item.does}`);
