import type { NameLimit } from './name-limit.ts';
import { type Numbering, Texts } from './numbering.ts';

/** Columns by number: `place[n]` is where the text of n stands in `texts`. */
export interface PlacedTexts {
  readonly place: Uint32Array;
  readonly texts: readonly string[];
}

/** What the numbers of names stand for. A name beyond its service's limit is `{other}`. */
export function namesOf({ names, texts }: Numbering, limit: NameLimit) {
  const service = names.column('service');
  const own = new Texts();
  const place = names.column('name').map((name, n) => {
    if (n === 0) return 0;
    return own.numberOf(limit.nameFor(texts.list[service[n] as number] as string, texts.list[name] as string));
  });
  return { service, environment: names.column('environment'), namespace: names.column('namespace'), place, texts: own.list };
}

/** `address:port` of each dependency, as far as it is known. */
export function addressesOf({ dependencies, texts }: Numbering): PlacedTexts {
  const ports = dependencies.column('port');
  const own = new Texts();
  const place = dependencies.column('address').map((address, n) => {
    const port = ports[n] as number;
    return own.numberOf(`${texts.list[address] as string}${port === 0 ? '' : `:${port}`}`);
  });
  return { place, texts: own.list };
}

/** The hash of each dependency's statement. */
export function hashesOf({ dependencies }: Numbering): readonly bigint[] {
  const high = dependencies.column('hashHigh');
  return Array.from(dependencies.column('hashLow'), (low, n) => (BigInt(high[n] as number) << 32n) | BigInt(low));
}

/** For each dependency the first one that differs from it in its statement only. */
export function databasesOf({ dependencies }: Numbering): Uint32Array {
  const fields = (['kind', 'system', 'address', 'port', 'name'] as const).map((field) => dependencies.column(field));
  const first = new Map<string, number>();
  return (fields[0] as Uint32Array).map((_, n) => {
    const key = fields.map((field) => field[n]).join();
    const known = first.get(key) ?? n;
    first.set(key, known);
    return known;
  });
}
