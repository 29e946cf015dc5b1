import { amount, compact, type RawSearch, text } from '../../base/search-params.ts';

/** What can be asked for besides a service: exactly one. */
export const partKinds = ['host', 'statement', 'queue', 'database', 'remote'] as const;
export type PartKind = (typeof partKinds)[number];

export interface DiagnoseUrl {
  /** The symptom; without one the page lets choose. */
  readonly service?: string | undefined;
  /** Its endpoint; absent: all that enters by the service. */
  readonly name?: string | undefined;
  readonly host?: string | undefined;
  /** 16 hex digits. */
  readonly statement?: string | undefined;
  readonly queue?: string | undefined;
  /** `address` or `address/name`. */
  readonly database?: string | undefined;
  readonly remote?: string | undefined;
  /** Unix ms, both or none; none: the period just before. */
  readonly baselineFrom?: number | undefined;
  readonly baselineTo?: number | undefined;
  /** Which of several verdicts is looked at; default: the likeliest. */
  readonly verdict?: string | undefined;
  /** What the chooser looks for. */
  readonly find?: string | undefined;
}

export function parseDiagnoseUrl(raw: RawSearch): DiagnoseUrl {
  const asked = symptomOf(raw);
  const from = amount(raw['baselineFrom']);
  const to = amount(raw['baselineTo']);
  const isPeriod = from !== undefined && to !== undefined && from < to;
  const baseline = { baselineFrom: isPeriod ? from : undefined, baselineTo: isPeriod ? to : undefined };
  if (asked === undefined) return compact({ ...baseline, find: text(raw['find']) });
  return compact({ ...asked, ...baseline, verdict: text(raw['verdict']) });
}

/** The API takes one: of several the service counts, then the first of the list. */
function symptomOf(raw: RawSearch) {
  const service = text(raw['service']);
  if (service !== undefined) return { service, name: text(raw['name']) };
  const kind = partKinds.find((one) => text(raw[one]) !== undefined && (one !== 'statement' || isHash(raw[one])));
  return kind && { [kind]: raw[kind] as string };
}

function isHash(raw: unknown): boolean {
  return typeof raw === 'string' && /^[0-9a-f]{16}$/i.test(raw);
}

export interface AskedPart {
  readonly kind: PartKind;
  readonly name: string;
}

/** undefined: a service is asked for, or nothing. */
export function partOf(url: DiagnoseUrl): AskedPart | undefined {
  const kind = partKinds.find((one) => url[one] !== undefined);
  return kind && { kind, name: url[kind] ?? '' };
}

/** The baseline, where one was chosen, as the API takes it. */
export function baselineQuery({ baselineFrom, baselineTo }: Pick<DiagnoseUrl, 'baselineFrom' | 'baselineTo'>) {
  if (baselineFrom === undefined || baselineTo === undefined) return {};
  return { baselineFrom: String(baselineFrom), baselineTo: String(baselineTo) };
}

/** The link to its diagnosis, and what /diagnosis and /impact take. */
export function partSearch({ kind, name }: AskedPart): { readonly [kind in PartKind]?: string } {
  return { [kind]: name };
}
