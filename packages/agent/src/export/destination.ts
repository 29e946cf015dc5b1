import { parsePairs } from '../key-value-pairs.ts';
import { type Warn } from '../warn.ts';

export type Signal = 'traces' | 'metrics' | 'logs';

/** Where one signal is sent, and how. */
export interface Destination {
  readonly signal: Signal;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly gzip: boolean;
  /** For one request, from its first byte to the end of the answer. */
  readonly timeoutMs: number;
}

const defaultEndpoint = 'http://localhost:4318';

/**
 * Specification "OTLP Exporter": a variable of the signal wins over the general one; the general endpoint gets `/v1/<signal>` appended,
 * the signal's own is used as it is. undefined where no usable address is given: then that signal is not sent.
 */
export function readDestination(signal: Signal, environment: NodeJS.ProcessEnv, warn: Warn): Destination | undefined {
  const read = (name: string): string | undefined =>
    environment[`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_${name}`]?.trim() ||
    environment[`OTEL_EXPORTER_OTLP_${name}`]?.trim();

  const protocol = read('PROTOCOL');
  if (protocol !== undefined && protocol !== '' && protocol !== 'http/protobuf')
    warn(`OTEL_EXPORTER_OTLP_PROTOCOL: '${protocol}' is not supported, sending http/protobuf`);

  const own = environment[`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`]?.trim();
  const general = environment['OTEL_EXPORTER_OTLP_ENDPOINT']?.trim() || defaultEndpoint;
  const address = own || `${general.replace(/\/+$/, '')}/v1/${signal}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    warn(`OTEL_EXPORTER_OTLP_ENDPOINT: '${address}' is not an http address, ${signal} are not sent`);
    return undefined;
  }

  const timeoutMs = Number(read('TIMEOUT') || 10_000);
  return {
    signal,
    url,
    headers: parsePairs(read('HEADERS') ?? ''),
    gzip: read('COMPRESSION') !== 'none',
    timeoutMs: Number.isFinite(timeoutMs) && timeoutMs > 0 ? timeoutMs : 10_000,
  };
}
