import type { Reply } from '../../base/api-client.ts';

type Versions = Pick<Reply<'listServiceVersions'>, 'items' | 'range' | 'timesMs' | 'stepMs'>;
export type Version = Versions['items'][number];

export interface Deployment {
  readonly version: string;
  readonly atMs: number;
}

/**
 * When a version came: when it was first heard of, or began to serve where that was before (what is sent late is received late). Only what
 * came within the range, and not the first version that there ever was: nothing was deployed over.
 */
export function deployments({ items, range, timesMs, stepMs }: Versions): Deployment[] {
  const came = items.map(({ version, firstSeenMs, trend }) => {
    const served = timesMs[trend.findIndex((count) => count > 0)];
    const known = [firstSeenMs, served].filter((ms) => ms !== null && ms !== undefined);
    return { version, atMs: known.length === 0 ? Number.NaN : Math.min(...known) };
  });
  const first = Math.min(...came.map(({ atMs }) => atMs).filter((ms) => !Number.isNaN(ms)));
  return came
    .filter(({ atMs }) => atMs >= range.fromMs && atMs < range.toMs && atMs > Math.max(first, (timesMs[0] ?? 0) + stepMs - 1))
    .toSorted((a, b) => a.atMs - b.atMs);
}

export interface VersionRow extends Version {
  readonly errorShare: number | null;
  /** The version that came before it. */
  readonly before: (Version & { readonly errorShare: number | null }) | undefined;
}

/** Each beside the version that it replaced; the API's order is the newest first. */
export function versionRows(items: readonly Version[]): VersionRow[] {
  const withShare = items.map((item) => ({ ...item, errorShare: item.requests > 0 ? item.errors / item.requests : null }));
  const served = (from: number) => withShare.slice(from).find(({ requests }) => requests > 0);
  return withShare.map((item, index) => ({ ...item, before: served(index + 1) }));
}

/** A figure that grew by a quarter is worse, one that fell by a fifth better. */
export function changeTone(now: number | null, before: number | null | undefined): 'bad' | 'ok' | 'quiet' {
  if (now === null || before === null || before === undefined) return 'quiet';
  if (now > before * 1.25) return 'bad';
  return now < before * 0.8 ? 'ok' : 'quiet';
}
