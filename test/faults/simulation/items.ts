import type { Signal } from '@sonde/otlp';
import type { Random } from './random.ts';

/**
 * Items whose bytes carry their ids, so that what is stored can be read off any file without a decoder of ours: `#17#`, or `#17!#` of
 * one that the store refuses.
 */
const idPattern = /#(\d+)(!?)#/g;

export interface ItemId {
  readonly id: number;
  readonly poison: boolean;
}

export function idsIn(bytes: Uint8Array): ItemId[] {
  const found = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1').matchAll(idPattern);
  return [...found].map(([, id, mark]) => ({ id: Number(id), poison: mark === '!' }));
}

export interface Request {
  readonly signal: Signal;
  readonly body: Uint8Array;
  /** Those that are legal. */
  readonly ids: readonly ItemId[];
  readonly rejected: number;
}

export class Sender {
  readonly #random: Random;
  #last = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  request(): Request {
    const random = this.#random;
    const signal = random.pick<Signal>(['traces', 'logs']);
    const count = random.chance(0.1) ? random.below(40) : 1 + random.below(4);
    const poisonChance = random.chance(0.15) ? random.pick([0.05, 0.3, 1]) : 0;
    const ids = Array.from({ length: count }, (): ItemId => ({ id: ++this.#last, poison: random.chance(poisonChance) }));
    const illegal = signal === 'traces' && random.chance(0.1) ? 1 : 0;
    const texts = ids.map(({ id, poison }) => `#${id}${poison ? '!' : ''}#`);
    const body = Buffer.from(JSON.stringify(signal === 'logs' ? logsOf(texts) : spansOf(texts, illegal)));
    // Some are no requests at all.
    if (random.chance(0.03)) return { signal, body: body.subarray(0, body.length - 1), ids: [], rejected: 0 };
    return { signal, body, ids, rejected: illegal };
  }
}

const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'simulated' } }] };

function logsOf(texts: readonly string[]): object {
  const logRecords = texts.map((text) => ({ body: { stringValue: text } }));
  return { resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] };
}

function spansOf(texts: readonly string[], illegal: number): object {
  const ids = { traceId: '5b8efff798038103d269b633813fc60c', spanId: 'eee19b7ec3c1b174' };
  const spans = [
    ...texts.map((text) => ({ ...ids, name: 'step', traceState: text })),
    ...Array.from({ length: illegal }, () => ({ ...ids, traceId: '0'.repeat(32), traceState: 'never to be stored: #0#' })),
  ];
  return { resourceSpans: [{ resource, scopeSpans: [{ spans }] }] };
}
