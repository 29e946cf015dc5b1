import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Attributes } from '../attributes.ts';
import { type ResourceMetrics } from '../metric.ts';
import { type CgroupFiles, cgroupFiles, containerMetrics } from './cgroup.ts';
import { containerOf } from './container-of.ts';

const depthMax = 8;
const foldersMax = 4000;

/** Where cgroups v2 are mounted, by `/proc/self/mountinfo`. */
export function cgroupRoot(mountinfo: string): string | undefined {
  return /^\S+ \S+ \S+ \S+ (\S+) .* - cgroup2 /m.exec(mountinfo)?.[1];
}

/** The containers on this machine: the cgroups below the root that have a container's id for a name. */
export function readContainers(root: string, host: Attributes, timeMs: number): ResourceMetrics[] {
  return containerFolders(root).flatMap((folder): ResourceMetrics[] => {
    const container = containerOf(folder);
    if (container === undefined) return [];
    const files = Object.fromEntries(cgroupFiles.map((name) => [name, read(join(folder, name))])) as CgroupFiles;
    const metrics = containerMetrics(files, deviceName);
    const resource = {
      ...host,
      'container.id': container.id,
      ...(container.runtime === undefined ? {} : { 'container.runtime': container.runtime }),
      ...(container.podUid === undefined ? {} : { 'k8s.pod.uid': container.podUid }),
    };
    return metrics.length === 0 ? [] : [{ resource, timeMs, startTimeMs: undefined, metrics }];
  });
}

/** Not what lies below a container's: it is counted in it. */
function containerFolders(root: string): string[] {
  const found: string[] = [];
  let folders = [root];
  let seen = 0;
  for (let depth = 0; depth < depthMax && folders.length > 0; depth++) {
    const next: string[] = [];
    for (const folder of folders) {
      seen += 1;
      if (seen > foldersMax) return found;
      for (const name of subfolders(folder)) {
        const path = join(folder, name);
        if (containerOf(`/${name}`) === undefined) next.push(path);
        else found.push(path);
      }
    }
    folders = next;
  }
  return found;
}

function subfolders(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  } catch {
    return []; // It went away meanwhile.
  }
}

const deviceNames = new Map<string, string>();

/** `8:0` is `sda`. */
function deviceName(number: string): string {
  const known = deviceNames.get(number);
  if (known !== undefined) return known;
  const name = /^DEVNAME=(\S+)$/m.exec(read(`/sys/dev/block/${number}/uevent`))?.[1];
  const found = name === undefined ? number : basename(name);
  deviceNames.set(number, found);
  return found;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
