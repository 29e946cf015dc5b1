import { kindPages } from '@sonde/model';
import { expect, test } from 'vitest';
import { en } from '../../base/messages/en.ts';
import { zh } from '../../base/messages/zh.ts';

const used = {
  titles: kindPages.flatMap(({ charts, figures, tables }) => [
    ...[...charts, ...figures].map(({ id }) => id),
    ...tables.flatMap(({ columns }) => columns.map(({ id }) => id)),
  ]),
  parts: kindPages.flatMap(({ tables }) => tables.map(({ id }) => id)),
  names: kindPages.flatMap(({ tables }) => tables.flatMap(({ by }) => by)),
};

test.each(Object.entries({ en, zh }))('%s has a word for whatever a page shows, and for nothing else', (_, { middleware }) => {
  for (const [words, ids] of Object.entries(used)) {
    expect(Object.keys(middleware[words as keyof typeof used]).toSorted()).toEqual([...new Set(ids)].toSorted());
  }
});
