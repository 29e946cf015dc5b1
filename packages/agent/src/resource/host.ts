import { readFileSync } from 'node:fs';
import { arch, hostname, platform } from 'node:os';

/** Of OTEL_RESOURCE_ATTRIBUTES. */
export { parsePairs as parseResourceAttributes } from '../key-value-pairs.ts';

/**
 * The attributes by which every sender on one machine names that machine (semantic conventions "Host" and "OS"): host.name, host.id
 * (of `/etc/machine-id`; left out where there is none, a container for instance), host.arch, os.type. The agent in a service and the
 * host agent both use this one, so that what runs on a host is found with its metrics.
 */
export function hostIdentity(): Record<string, string> {
  const id = machineId();
  return {
    'host.name': hostname(),
    ...(id === undefined ? {} : { 'host.id': id }),
    'host.arch': archNames[arch()] ?? arch(),
    'os.type': platform() === 'win32' ? 'windows' : platform() === 'sunos' ? 'solaris' : platform(),
  };
}

const archNames: Partial<Record<string, string>> = { x64: 'amd64', ia32: 'x86', arm: 'arm32', ppc: 'ppc32' };

function machineId(): string | undefined {
  if (platform() !== 'linux') return undefined;
  for (const path of ['/etc/machine-id', '/var/lib/dbus/machine-id']) {
    try {
      const id = readFileSync(path, 'utf8').trim();
      if (id !== '' && id !== 'uninitialized') return id;
    } catch {
      continue; // Not on this machine.
    }
  }
  return undefined;
}
