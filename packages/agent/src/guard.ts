import { INVALID_SPAN_CONTEXT, trace } from '@opentelemetry/api';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { TracerProvider } from '@opentelemetry/sdk-trace';

/**
 * Whatever an application hands to the API (a proxy that throws, a getter that throws, no object at all), the call returns. The SDK
 * reads such values unprotected. Its classes are not exported, so their prototypes are taken from objects made for the purpose.
 */
export function guardApplication(): void {
  const tracer = new TracerProvider().getTracer('');
  const span = tracer.startSpan('');
  guard(tracer, ['startSpan'], () => trace.wrapSpanContext(INVALID_SPAN_CONTEXT));
  guard(
    span,
    ['setAttribute', 'setAttributes', 'addEvent', 'addLink', 'addLinks', 'setStatus', 'updateName', 'recordException', 'end'],
    (self) => self,
  );
  const meter = new MeterProvider().getMeter('');
  guard(meter.createCounter('a'), ['add'], nothing);
  guard(meter.createUpDownCounter('b'), ['add'], nothing);
  guard(meter.createHistogram('c'), ['record'], nothing);
  guard(meter.createGauge('d'), ['record'], nothing);
  guard(new LoggerProvider().getLogger(''), ['emit'], nothing);
}

const nothing = (): undefined => undefined;

function guard(instance: object, names: readonly string[], otherwise: (self: unknown) => unknown): void {
  const prototype: object = Object.getPrototypeOf(instance);
  for (const name of names) {
    const original: unknown = Reflect.get(prototype, name);
    if (typeof original !== 'function') continue;
    Reflect.set(prototype, name, function guarded(this: unknown, ...values: unknown[]): unknown {
      try {
        return Reflect.apply(original, this, values);
      } catch {
        return otherwise(this);
      }
    });
  }
}
