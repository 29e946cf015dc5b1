import type { Messages } from '../../../base/messages/en.ts';

export type Expected = keyof Messages['traceViews']['expected'];

/** Why a file is no trace: what is wrong, and where in it. */
export type FileProblem =
  | { readonly problem: 'json'; readonly detail: string }
  | { readonly problem: 'shape' }
  | { readonly problem: 'empty' }
  | { readonly problem: 'field'; readonly path: string; readonly expected: Expected };

export class FileError extends Error {
  readonly problem: FileProblem;

  constructor(problem: FileProblem) {
    super(JSON.stringify(problem));
    this.name = 'FileError';
    this.problem = problem;
  }
}

export type Fields = Readonly<Record<string, unknown>>;

/* Readers of one field of a file; `path` is where it stands. What is missing has protobuf's default. */

function wrong(path: string, expected: Expected): never {
  throw new FileError({ problem: 'field', path, expected });
}

export function object(value: unknown, path: string): Fields {
  if (value === undefined || value === null) return {};
  return isObject(value) ? value : wrong(path, 'object');
}

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function list(value: unknown, path: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : wrong(path, 'list');
}

export function string(value: unknown, path: string): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : wrong(path, 'text');
}

/** Lower-case hex. */
export function id(value: unknown, path: string, expected: 'traceId' | 'spanId' | 'parentSpanId'): string {
  const text = typeof value === 'string' ? value.toLowerCase() : '';
  if (expected === 'parentSpanId' && (value === undefined || value === null || text === '' || /^0{16}$/.test(text))) return '';
  const digits = expected === 'traceId' ? /^[0-9a-f]{32}$/ : /^[0-9a-f]{16}$/;
  return digits.test(text) && !/^0*$/.test(text) ? text : wrong(path, expected);
}

/** A fixed64 moment: a string, or a number as some write it. */
export function nanos(value: unknown, path: string): bigint {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && /^\d{1,20}$/.test(text) ? BigInt(text) : wrong(path, 'time');
}

export function count(value: unknown): number {
  const number = Number(value ?? 0);
  return Number.isFinite(number) ? number : 0;
}

export function attributes(value: unknown, path: string): Record<string, unknown> {
  return Object.fromEntries(
    list(value, path).map((pair, at) => {
      const { key, value: own } = object(pair, `${path}[${at}]`);
      if (typeof key !== 'string') return wrong(`${path}[${at}]`, 'attribute');
      return [key, anyValue(own, `${path}[${at}].value`)];
    }),
  );
}

/** As the API tells it: integers beyond 2^53 and bytes as strings, what is empty as null. */
function anyValue(value: unknown, path: string): unknown {
  const any = object(value, path);
  if (typeof any['stringValue'] === 'string') return any['stringValue'];
  if (typeof any['boolValue'] === 'boolean') return any['boolValue'];
  const { intValue, doubleValue } = any;
  if (typeof intValue === 'string' || typeof intValue === 'number') {
    return Number.isSafeInteger(Number(intValue)) ? Number(intValue) : String(intValue);
  }
  if (typeof doubleValue === 'string' || typeof doubleValue === 'number') {
    return Number.isFinite(Number(doubleValue)) ? Number(doubleValue) : String(doubleValue);
  }
  if (typeof any['bytesValue'] === 'string') return any['bytesValue'];
  if (any['arrayValue'] !== undefined) {
    const values = `${path}.arrayValue.values`;
    return list(object(any['arrayValue'], path)['values'], values).map((one, at) => anyValue(one, `${values}[${at}]`));
  }
  if (any['kvlistValue'] !== undefined)
    return attributes(object(any['kvlistValue'], path)['values'], `${path}.kvlistValue.values`);
  return Object.keys(any).length === 0 ? null : wrong(path, 'attribute');
}
