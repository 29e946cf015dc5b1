import { expect, it } from 'vitest';
import { encodingOf } from './content-type.ts';

it.each([
  ['application/x-protobuf', 'protobuf'],
  ['Application/X-Protobuf', 'protobuf'],
  ['application/json', 'json'],
  ['application/json; charset=utf-8', 'json'],
  [' APPLICATION/JSON ;charset=UTF-8', 'json'],
  ['application/json-seq', undefined],
  ['text/plain', undefined],
  ['', undefined],
  [undefined, undefined],
])('%j is %s', (contentType, encoding) => {
  expect(encodingOf(contentType)).toBe(encoding);
});
