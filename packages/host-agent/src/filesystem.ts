import { type StatsFs } from 'node:fs';
import { type Metric, type Point, point } from './metric.ts';
import { type Mount } from './proc/mounts.ts';

/** What a mounted file system holds. Reserved is what only root may still use; df(1) counts the utilisation without it, and so does this. */
export function filesystemMetrics(mounts: readonly { readonly mount: Mount; readonly stats: StatsFs }[]): Metric[] {
  const usage: Point[] = [];
  const utilization: Point[] = [];
  const inodes: Point[] = [];
  for (const { mount, stats } of mounts) {
    const { bsize, blocks, bfree, bavail } = stats;
    if (blocks === 0) continue;
    const attributes = {
      'system.device': mount.device,
      'system.filesystem.mountpoint': mount.mountpoint,
      'system.filesystem.type': mount.type,
      'system.filesystem.mode': mount.mode,
    };
    const states = { used: blocks - bfree, free: bavail, reserved: bfree - bavail };
    for (const [state, count] of Object.entries(states)) {
      usage.push(point(count * bsize, { ...attributes, 'system.filesystem.state': state }));
    }
    // A file system that makes inodes as they are needed (btrfs) says 0.
    const inodeStates = stats.files > 0 ? { used: stats.files - stats.ffree, free: stats.ffree } : {};
    for (const [state, count] of Object.entries(inodeStates)) {
      inodes.push(point(count, { ...attributes, 'system.filesystem.state': state }));
    }
    if (states.used + states.free > 0) utilization.push(point(states.used / (states.used + states.free), attributes));
  }
  if (usage.length === 0) return [];
  const inodesUsage: Metric = { name: 'system.filesystem.inodes.usage', unit: '{inode}', type: 'level', points: inodes };
  return [
    ...(inodes.length === 0 ? [] : [inodesUsage]),
    { name: 'system.filesystem.usage', unit: 'By', type: 'level', points: usage },
    { name: 'system.filesystem.utilization', unit: '1', type: 'gauge', points: utilization },
  ];
}
