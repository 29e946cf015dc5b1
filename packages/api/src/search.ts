import { Type } from 'typebox';
import { AnsweredRange, Count, KeyScope, noParams, operation, strictObject, timeRange } from './common.ts';

const completion = {
  ...timeRange,
  prefix: Type.Optional(
    Type.String({ maxLength: 1024, description: 'What is written so far, in any case. Default: nothing.' }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: 'Default 100.' })),
};

/** How many spans were looked at: the newest of the range. */
const spansRead = Count;

export const listSearchKeys = operation({
  id: 'listSearchKeys',
  path: '/search/keys',
  summary: 'Keys that a search can ask for, by how many of the newest spans have them.',
  params: noParams,
  query: strictObject(completion),
  reply: strictObject({
    range: AnsweredRange,
    spansRead,
    items: Type.Array(
      strictObject({
        /** As it is to be written in a search, but for quotes. */
        key: Type.String(),
        scope: KeyScope,
        count: Count,
      }),
    ),
  }),
});

export const listSearchValues = operation({
  id: 'listSearchValues',
  path: '/search/values',
  summary: 'Values of one key, by how many of the newest spans have them.',
  params: noParams,
  query: strictObject({
    ...completion,
    key: Type.String({ minLength: 1, maxLength: 1024, description: 'As it is written in a search.' }),
  }),
  reply: strictObject({
    range: AnsweredRange,
    spansRead,
    items: Type.Array(strictObject({ value: Type.String(), count: Count })),
  }),
});
