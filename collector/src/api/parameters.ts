import type { Static, TObject, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { ProblemError } from './problems.ts';

type Read<T extends TObject> = (sent: unknown) => Static<T>;

/**
 * Reads parameters as their schema has them: a number out of digits, a truth out of `true` or `false`, a list out of one value or several.
 * Anything unknown, repeated or out of bounds is a problem that names the parameter.
 */
export function parameterReader<T extends TObject>(schema: T): Read<T> {
  const check = checker(schema);
  const properties: Readonly<Record<string, TSchema>> = schema.properties;
  return (sent) => {
    const entries = Object.entries(sent as Readonly<Record<string, string | string[]>>);
    return check(entries.map(([name, value]) => [name, coerce(properties[name] ?? {}, value)]));
  };
}

/** Reads a body of JSON, whose members are parameters that have their types already. */
export function bodyReader<T extends TObject>(schema: T): Read<T> {
  const check = checker(schema);
  return (sent) => {
    if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) {
      throw new ProblemError('malformed-body', { detail: 'The body must be a JSON object.' });
    }
    return check(Object.entries(sent));
  };
}

function checker<T extends TObject>(schema: T): (entries: readonly (readonly [string, unknown])[]) => Static<T> {
  const validator = Compile(schema);
  return (entries) => {
    for (const [name] of entries) {
      if (!Object.hasOwn(schema.properties, name)) {
        const known = Object.keys(schema.properties).join(', ') || 'none';
        throw new ProblemError('bad-parameter', {
          parameter: name,
          detail: `There is no such parameter here. Known: ${known}.`,
        });
      }
    }
    const values: unknown = Object.fromEntries(entries);
    if (!validator.Check(values)) throw firstProblem(validator.Errors(values));
    return values;
  };
}

function coerce(schema: TSchema, value: string | string[]): unknown {
  const type = 'type' in schema ? schema.type : undefined;
  if (type === 'array') return Array.isArray(value) ? value : [value];
  if ((type === 'number' || type === 'integer') && typeof value === 'string' && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value)) {
    return Number(value);
  }
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  return value;
}

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: object;
  readonly message: string;
}

function firstProblem([error]: readonly SchemaError[]): ProblemError {
  const parameter = error === undefined ? '' : parameterOf(error);
  return new ProblemError('bad-parameter', { parameter, detail: `${parameter} ${error?.message ?? 'cannot be used'}.` });
}

function parameterOf({ instancePath, params }: SchemaError): string {
  if ('requiredProperties' in params && Array.isArray(params.requiredProperties)) return String(params.requiredProperties[0]);
  return instancePath.split('/')[1] ?? '';
}
