import { type Expression, type Field, type SearchValue, severities, spanKinds } from '@sonde/model';
import type { SampleSpan } from './sample-spans.ts';

/** Whether a span matches a search, as a slow, obvious computation: the judge of the SQL. */
export function slowSearch(expression: Expression, span: SampleSpan): boolean {
  return slowMatch(expression, {
    valueOf: (field) => slowValue(field, span),
    hasWord: (word) => span.name.toLowerCase().includes(word.toLowerCase()),
  });
}

/** What is searched, as far as a search can see it. */
export interface Searchable {
  readonly valueOf: (field: Field) => SearchValue | undefined;
  readonly hasWord: (word: string) => boolean;
}

export function slowMatch(expression: Expression, item: Searchable): boolean {
  switch (expression.kind) {
    case 'and':
      return expression.parts.every((part) => slowMatch(part, item));
    case 'or':
      return expression.parts.some((part) => slowMatch(part, item));
    case 'not':
      return !slowMatch(expression.part, item);
    case 'word':
      return item.hasWord(expression.text);
    case 'exists':
      return (item.valueOf(expression.field) !== undefined) === expression.wanted;
    case 'in':
      return expression.values.some((value) => item.valueOf(expression.field) === value);
    default: {
      const actual = item.valueOf(expression.field);
      if (expression.field.key === 'severity' && expression.field.scope === 'intrinsic') {
        return compareSeverities(String(actual), expression.operator, String(expression.value));
      }
      return actual !== undefined && compare(actual, expression.operator, expression.value);
    }
  }
}

function compareSeverities(actual: string, operator: string, value: string): boolean {
  const place = (severity: string) => severities.findIndex((one) => one === severity);
  if (/[<>]/.test(operator) && actual === 'unspecified') return false;
  return compare(/[<>]/.test(operator) ? place(actual) : actual, operator, /[<>]/.test(operator) ? place(value) : value);
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
    const parts: Readonly<Record<string, SearchValue>> = {
      name: span.name,
      duration: Number(span.durationNs),
      status: span.failed ? 'error' : 'unset',
      kind: spanKinds[span.kind] ?? 'unspecified',
      'trace.id': span.traceId,
    };
    return parts[field.key];
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
