import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { getEnvironmentData, isMainThread, setEnvironmentData, threadId } from 'node:worker_threads';
import { type Attributes } from '@opentelemetry/api';
import { defaultResource, type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import { hostIdentity, parseResourceAttributes } from './host.ts';
import { type Config } from '../config.ts';
import { readContainerId } from './container-id.ts';
import { packageOf } from './package-of.ts';

/**
 * What sends: service, host, process, container (semantic conventions, "Resource"). Read once at start, without starting a process.
 * Order: OTEL_SERVICE_NAME, then OTEL_RESOURCE_ATTRIBUTES, then what was detected.
 */
export function readResource(config: Config): Resource {
  const entry = process.argv[1];
  const { name, version } = packageOf(entry);
  const containerId = readContainerId();
  const detected: Attributes = {
    'service.name': name ?? 'unknown_service:node',
    ...(version === undefined ? {} : { 'service.version': version }),
    'service.instance.id': instanceId(),
    ...hostIdentity(),
    'process.pid': process.pid,
    'process.executable.name': basename(process.execPath),
    'process.executable.path': process.execPath,
    ...(entry === undefined ? {} : { 'process.command': entry }),
    'process.runtime.name': 'nodejs',
    'process.runtime.version': process.versions.node,
    'process.runtime.description': 'Node.js',
    ...(containerId === undefined ? {} : { 'container.id': containerId }),
    // A worker thread is a sender of its own: without this its metrics would be mixed up with the main thread's.
    ...(isMainThread ? {} : { 'thread.id': threadId }),
  };
  const given = parseResourceAttributes(config.resourceAttributes);
  const named = config.serviceName === '' ? {} : { 'service.name': config.serviceName };
  return defaultResource().merge(resourceFromAttributes({ ...detected, ...given, ...named }));
}

/** One for the process, known to its worker threads, not to its child processes. */
function instanceId(): string {
  const key = 'sonde.service.instance.id';
  const known = getEnvironmentData(key);
  if (typeof known === 'string') return known;
  const fresh = randomUUID();
  setEnvironmentData(key, fresh);
  return fresh;
}
