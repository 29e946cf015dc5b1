import { amount, compact, oneOf, type RawSearch, text, texts } from '../../base/search-params.ts';

/** What the traces page looks for; the time range is the shell's. */
export interface TracesUrl {
  /** In the search language of docs/formats/search.md. */
  readonly q?: string | undefined;
  readonly service?: string | undefined;
  readonly name?: string | undefined;
  readonly host?: string | undefined;
  /** 16 hex digits. */
  readonly statement?: string | undefined;
  readonly status?: 'ok' | 'error' | undefined;
  readonly minMs?: number | undefined;
  readonly maxMs?: number | undefined;
  /** key=value */
  readonly attribute?: string[] | undefined;
  readonly sort?: 'duration' | undefined;
}

export function parseTracesUrl(raw: RawSearch): TracesUrl {
  const statement = text(raw['statement']);
  const attribute = texts(raw['attribute'])?.filter((one) => one.indexOf('=') > 0);
  return compact({
    q: text(raw['q']),
    service: text(raw['service']),
    name: text(raw['name']),
    host: text(raw['host']),
    statement: statement !== undefined && /^[0-9a-f]{16}$/.test(statement) ? statement : undefined,
    status: oneOf(['ok', 'error'], raw['status']),
    minMs: amount(raw['minMs']),
    maxMs: amount(raw['maxMs']),
    attribute: attribute?.length ? attribute : undefined,
    sort: oneOf(['duration'], raw['sort']),
  });
}
