import { type Attributes, SpanKind } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import { type Config } from './config.ts';
import { type Warn } from './warn.ts';

/** OTEL_TRACES_SAMPLER, except for what is never worth a span. */
export function createSampler(config: Config, warn: Warn): Sampler {
  const chosen = samplerOf(config, warn);
  return {
    shouldSample: (context, traceId, name, kind, attributes, links) =>
      kind === SpanKind.CLIENT && isConnecting(attributes, name)
        ? { decision: SamplingDecision.NOT_RECORD }
        : chosen.shouldSample(context, traceId, name, kind, attributes, links),
    toString: () => chosen.toString(),
  };
}

/** What the Redis clients do to open a connection, which their instrumentations cannot leave out; what runs inside goes with it. */
function isConnecting(attributes: Attributes, name: string): boolean {
  if (attributes['db.system.name'] !== 'redis') return false;
  return name === 'redis-connect' || name === 'connect' || handshake.test(String(attributes['db.query.text']));
}

/** ioredis: HELLO, its own name and version, and its check that the server has loaded its data. */
const handshake = /^(?:hello\b|client SETINFO|info$)/;

function samplerOf({ sampler, samplerArgument }: Config, warn: Warn): Sampler {
  switch (sampler) {
    case 'always_on':
      return new AlwaysOnSampler();
    case 'always_off':
      return new AlwaysOffSampler();
    case 'traceidratio':
      return new TraceIdRatioBasedSampler(ratioOf(samplerArgument, warn));
    case 'parentbased_always_off':
      return new ParentBasedSampler({ root: new AlwaysOffSampler() });
    case 'parentbased_traceidratio':
      return new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratioOf(samplerArgument, warn)) });
    case 'parentbased_always_on':
    default:
      return new ParentBasedSampler({ root: new AlwaysOnSampler() });
  }
}

function ratioOf(text: string, warn: Warn): number {
  const ratio = text === '' ? 1 : Number(text);
  if (ratio >= 0 && ratio <= 1) return ratio;
  warn(`OTEL_TRACES_SAMPLER_ARG: '${text}' is not between 0 and 1, using 1`);
  return 1;
}
