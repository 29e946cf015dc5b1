import { readFile } from 'node:fs/promises';
import { networkInterfaces, release, type, version } from 'node:os';
import { hostIdentity } from '@sonde/agent/host';
import { type Attributes } from './attributes.ts';

/**
 * The machine. No service.name: a host is not a service, and would stand among them in every list. (Resource specification: without a
 * name a receiver may assume `unknown_service`.)
 */
export async function readResource(given: Readonly<Record<string, string>>): Promise<Attributes> {
  const osRelease = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const distribution = /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(osRelease)?.[1];
  return {
    ...hostIdentity(),
    'host.ip': addresses(),
    'os.description': distribution === undefined ? version() : `${distribution} (${type()} ${release()})`,
    'os.version': release(),
    'telemetry.sdk.language': 'nodejs',
    'telemetry.sdk.name': 'sonde-host-agent',
    ...given,
  };
}

/**
 * The attributes by which others name the machine: for the resources of what runs on it. host.ip is among them, so that an address that a
 * client calls is found to be this machine.
 */
export function identityOf(host: Attributes): Attributes {
  const keys = ['host.name', 'host.id', 'host.ip', 'os.type', 'telemetry.sdk.language', 'telemetry.sdk.name'];
  return Object.fromEntries(Object.entries(host).filter(([key]) => keys.includes(key)));
}

/** Semantic conventions "Host": without those of the loopback. */
function addresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((one) => one ?? []);
  return all.filter(({ internal }) => !internal).map(({ address }) => address);
}
