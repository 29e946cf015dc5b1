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
  /** The box that was drawn on the heatmap: all four or none; Unix ms, and ms of duration. */
  readonly boxFrom?: number | undefined;
  readonly boxTo?: number | undefined;
  readonly boxMin?: number | undefined;
  readonly boxMax?: number | undefined;
  /** What of the selection is shown; default: its traces. */
  readonly tab?: Tab | undefined;
}

const tabs = ['errors', 'differences', 'flame'] as const;
export type Tab = (typeof tabs)[number];

export interface Box {
  readonly fromMs: number;
  readonly toMs: number;
  readonly minMs: number;
  readonly maxMs: number;
}

export function boxOf({ boxFrom, boxTo, boxMin, boxMax }: TracesUrl): Box | undefined {
  if (boxFrom === undefined || boxTo === undefined || boxMin === undefined || boxMax === undefined) return undefined;
  return boxFrom < boxTo && boxMin <= boxMax ? { fromMs: boxFrom, toMs: boxTo, minMs: boxMin, maxMs: boxMax } : undefined;
}

/** Every key, so that it can be laid over another box's URL. */
export function boxUrl(box: Box | undefined): Pick<TracesUrl, 'boxFrom' | 'boxTo' | 'boxMin' | 'boxMax'> {
  return { boxFrom: box?.fromMs, boxTo: box?.toMs, boxMin: box?.minMs, boxMax: box?.maxMs };
}

export function parseTracesUrl(raw: RawSearch): TracesUrl {
  const statement = text(raw['statement']);
  const attribute = texts(raw['attribute'])?.filter((one) => one.indexOf('=') > 0);
  const box = boxOf({
    boxFrom: amount(raw['boxFrom']),
    boxTo: amount(raw['boxTo']),
    boxMin: amount(raw['boxMin']),
    boxMax: amount(raw['boxMax']),
  });
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
    ...boxUrl(box),
    tab: oneOf(tabs, raw['tab']),
  });
}
