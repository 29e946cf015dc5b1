import type { HostProcess } from '@sonde/api';

/** Ids of containers are 64 hex digits, of which twelve are customary. */
export function containerText(containerId: string): string {
  return containerId === '' ? '–' : /^[0-9a-f]{64}$/.test(containerId) ? containerId.slice(0, 12) : containerId;
}

/** Read and written; null: only root and the process's own user are told. */
export function diskBytesPerSecond({
  readBytesPerSecond,
  writeBytesPerSecond,
}: Pick<HostProcess, 'readBytesPerSecond' | 'writeBytesPerSecond'>): number | null {
  if (readBytesPerSecond === null && writeBytesPerSecond === null) return null;
  return (readBytesPerSecond ?? 0) + (writeBytesPerSecond ?? 0);
}

/** null: it has none, or nothing is known of it. */
export function limitShare(used: number | null, limit: number | null): number | null {
  return used === null || limit === null || limit <= 0 ? null : used / limit;
}
