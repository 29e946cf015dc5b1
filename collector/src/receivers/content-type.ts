import type { Encoding } from '@sonde/otlp';

const types: readonly (readonly [Encoding, string])[] = [
  ['protobuf', 'application/x-protobuf'],
  ['json', 'application/json'],
];

/** The encoding that a content type names, in any case and with any parameters (`charset`); nothing for another type. */
export function encodingOf(contentType: string | undefined): Encoding | undefined {
  const [type] = (contentType ?? '').split(';', 1);
  const name = type?.trim().toLowerCase();
  return types.find(([, known]) => known === name)?.[0];
}

export function contentTypeOf(encoding: Encoding): string {
  return encoding === 'protobuf' ? 'application/x-protobuf' : 'application/json';
}
