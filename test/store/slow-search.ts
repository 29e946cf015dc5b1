import { type Expression, type Field, type SearchValue, spanKinds } from '@sonde/model';
import type { SampleSpan } from './sample-spans.ts';

/** Whether a span matches a search, as a slow, obvious computation: the judge of the SQL. */
export function slowSearch(expression: Expression, span: SampleSpan): boolean {
  switch (expression.kind) {
    case 'and':
      return expression.parts.every((part) => slowSearch(part, span));
    case 'or':
      return expression.parts.some((part) => slowSearch(part, span));
    case 'not':
      return !slowSearch(expression.part, span);
    case 'word':
      return span.name.toLowerCase().includes(expression.text.toLowerCase());
    case 'exists':
      return (slowValue(expression.field, span) !== undefined) === expression.wanted;
    case 'in':
      return expression.values.some((value) => slowValue(expression.field, span) === value);
    default: {
      const actual = slowValue(expression.field, span);
      return actual !== undefined && compare(actual, expression.operator, expression.value);
    }
  }
}

function compare(actual: SearchValue, operator: string, value: SearchValue): boolean {
  switch (operator) {
    case '=':
      return actual === value;
    case '!=':
      return actual !== value;
    case '~':
      return new RegExp(String(value), 's').test(String(actual));
    case '!~':
      return !new RegExp(String(value), 's').test(String(actual));
    default: {
      if (typeof actual === 'string' && !/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(actual)) return false;
      const difference = Number(actual) - Number(value);
      return operator.startsWith('>')
        ? difference > 0 || (operator === '>=' && difference === 0)
        : difference < 0 || (operator === '<=' && difference === 0);
    }
  }
}

/** Those with a column of their own know no difference between absent and empty. */
const promoted = ['http.route', 'server.address', 'db.system.name', 'db.namespace'];

export function slowValue(field: Field, span: SampleSpan): SearchValue | undefined {
  if (field.scope === 'intrinsic') {
    return {
      name: span.name,
      duration: Number(span.durationNs),
      status: span.failed ? 'error' : 'unset',
      kind: spanKinds[span.kind] ?? 'unspecified',
      'trace.id': span.traceId,
    }[field.key];
  }
  const resource: Readonly<Record<string, string>> = {
    'service.name': span.service,
    'service.instance.id': span.instance,
    'service.version': span.version,
    'host.name': span.host,
    'host.id': `id-${span.host}`,
    'os.type': 'linux',
  };
  const own = field.scope === 'resource' ? resource : span.attributes;
  const value = Object.hasOwn(own, field.key) ? String(own[field.key]) : undefined;
  return value === '' && promoted.includes(field.key) ? undefined : value;
}
