import { readFile } from 'node:fs/promises';
import { release, type, version } from 'node:os';
import { hostIdentity } from '@sonde/agent/host';

/**
 * The machine. No service.name: a host is not a service, and would stand among them in every list. (Resource specification: without a
 * name a receiver may assume `unknown_service`.)
 */
export async function readResource(given: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const osRelease = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const distribution = /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(osRelease)?.[1];
  return {
    ...hostIdentity(),
    'os.description': distribution === undefined ? version() : `${distribution} (${type()} ${release()})`,
    'os.version': release(),
    'telemetry.sdk.language': 'nodejs',
    'telemetry.sdk.name': 'sonde-host-agent',
    ...given,
  };
}
