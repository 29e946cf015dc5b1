import { amount, compact, type RawSearch, text } from '../../base/search-params.ts';

export interface DiagnoseUrl {
  /** The symptom; without one the page lets choose. */
  readonly service?: string | undefined;
  /** Its endpoint; absent: all that enters by the service. */
  readonly name?: string | undefined;
  /** Unix ms, both or none; none: the period just before. */
  readonly baselineFrom?: number | undefined;
  readonly baselineTo?: number | undefined;
  /** Which of several verdicts is looked at; default: the likeliest. */
  readonly verdict?: string | undefined;
  /** What the chooser looks for. */
  readonly find?: string | undefined;
}

export function parseDiagnoseUrl(raw: RawSearch): DiagnoseUrl {
  const service = text(raw['service']);
  if (service === undefined) return compact({ find: text(raw['find']) });
  const from = amount(raw['baselineFrom']);
  const to = amount(raw['baselineTo']);
  const isPeriod = from !== undefined && to !== undefined && from < to;
  return compact({
    service,
    name: text(raw['name']),
    baselineFrom: isPeriod ? from : undefined,
    baselineTo: isPeriod ? to : undefined,
    verdict: text(raw['verdict']),
  });
}
