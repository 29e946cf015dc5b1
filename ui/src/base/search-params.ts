/** What the query string of a page holds before its `url.ts` has read it: text, or several texts under one key. */
export type RawSearch = Record<string, unknown>;

/** `?service=cart&attribute=a%3D1&attribute=b%3D2`: flat and readable, where the router's default would write JSON. */
export function parseSearch(search: string): RawSearch {
  const result: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
  for (const [key, value] of new URLSearchParams(search)) {
    const known = result[key];
    result[key] = known === undefined ? value : Array.isArray(known) ? [...known, value] : [known, value];
  }
  return { ...result };
}

export function stringifySearch(search: RawSearch): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (typeof one === 'string' || typeof one === 'number') params.append(key, String(one));
      else if (one === true) params.append(key, '1');
    }
  }
  const query = params.toString();
  return query === '' ? '' : `?${query}`;
}

/*
 * Readers of one field. Each gives undefined for what it cannot read: a pasted link with a misspelt value shows the default, not an error.
 */
export function text(raw: unknown): string | undefined {
  return typeof raw === 'string' && raw !== '' ? raw : undefined;
}

export function texts(raw: unknown): string[] | undefined {
  const list = (Array.isArray(raw) ? raw : [raw]).filter((one): one is string => typeof one === 'string' && one !== '');
  return list.length === 0 ? undefined : list;
}

/** Not negative, finite. */
export function amount(raw: unknown): number | undefined {
  if (typeof raw === 'string' && raw.trim() === '') return undefined;
  const value = typeof raw === 'string' || typeof raw === 'number' ? Number(raw) : Number.NaN;
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}

export function flag(raw: unknown): true | undefined {
  return raw === true || raw === '1' ? true : undefined;
}

export function oneOf<const T extends string>(allowed: readonly T[], raw: unknown): T | undefined {
  return allowed.find((one) => one === raw);
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Leaves out what is undefined: a default is not written into the URL. */
export function compact<T extends Record<string, unknown>>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}
