import { spanKinds, statusCodes } from '../trace.ts';
import { type Comparison, type Field, type SearchValue, severities } from './search.ts';

/** What a value must be, for those who wrote another. */
export interface BadValue {
  readonly expected: readonly string[];
  readonly message: string;
}

export type ReadValue = { readonly value: SearchValue } | BadValue;

/** Nanoseconds of each unit. */
const units = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
} as const;

const order: readonly string[] = ['>', '>=', '<', '<='];

/** The words that a field takes, where they are few. */
export function valueWords(field: Field): readonly string[] | undefined {
  if (field.scope !== 'intrinsic') return undefined;
  if (field.key === 'severity') return severities;
  return field.key === 'status' ? statusCodes : field.key === 'kind' ? spanKinds : undefined;
}

/** The value that `text` is beside this field and operator. */
export function readValue(field: Field, operator: Comparison | 'in', text: string): ReadValue {
  const words = valueWords(field);
  if (words !== undefined) return readWord(field.key, words, text);
  if (field.scope === 'intrinsic' && field.key === 'duration') return readDuration(text);
  if (field.scope === 'intrinsic' && field.key === 'trace.id') return readId('trace', 32, text);
  if (field.scope === 'intrinsic' && field.key === 'span.id') return readId('span', 16, text);
  return order.includes(operator) ? readNumber(operator, text) : { value: text };
}

function readWord(key: string, words: readonly string[], text: string): ReadValue {
  const value = words.find((word) => word === text.toLowerCase());
  if (value !== undefined) return { value };
  return { expected: words, message: `A ${key} is one of ${words.join(', ')}.` };
}

function readDuration(text: string): ReadValue {
  const refused = (message: string) => ({ expected: ['500ms', '1.5s'], message });
  const [, whole, fraction = '', unit] = /^(\d+)(?:\.(\d+))?(ns|us|µs|μs|ms|s|m|h)$/.exec(text) ?? [];
  if (whole === undefined)
    return refused('A duration is a number and a unit, such as 500ms; units are ns, us, ms, s, m and h.');
  const scaled = BigInt(whole + fraction) * units[unit as keyof typeof units];
  const scale = 10n ** BigInt(fraction.length);
  if (scaled % scale !== 0n) return refused('A duration is a whole number of nanoseconds.');
  if (scaled / scale > BigInt(Number.MAX_SAFE_INTEGER)) return refused('A duration is below 104 days.');
  return { value: Number(scaled / scale) };
}

function readId(of: 'trace' | 'span', digits: number, text: string): ReadValue {
  if (text.length === digits && /^[0-9a-f]+$/i.test(text)) return { value: text.toLowerCase() };
  return { expected: [`${digits} hexadecimal digits`], message: `A ${of} id is ${digits} hexadecimal digits.` };
}

function readNumber(operator: string, text: string): ReadValue {
  // Plus zero: there is one zero only.
  const value = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) + 0 : NaN;
  if (Number.isFinite(value)) return { value };
  return { expected: ['a number'], message: `Attributes are compared by ${operator} as numbers, and this is none.` };
}

/** As `readValue` reads it: in the largest unit that divides it. */
export function durationText(durationNs: number): string {
  const ns = BigInt(durationNs);
  for (const unit of ['h', 'm', 's', 'ms', 'us'] as const) {
    if (ns !== 0n && ns % units[unit] === 0n) return `${ns / units[unit]}${unit}`;
  }
  return `${ns}ns`;
}
