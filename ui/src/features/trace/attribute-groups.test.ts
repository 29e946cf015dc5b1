import { expect, test } from 'vitest';
import { groupAttributes } from './attribute-groups.ts';

test('attributes stand under the convention that names them', () => {
  const sections = groupAttributes({
    'url.path': '/x',
    'http.response.status_code': 500,
    'db.system.name': 'postgresql',
    'server.address': 'db',
    'error.type': '500',
    'shop.cart': ['a', 1],
    constructor: 'naughty',
  });
  expect(sections.map(({ group, rows }) => [group, ...rows.map(({ key }) => key)])).toEqual([
    ['http', 'http.response.status_code', 'url.path'],
    ['database', 'db.system.name'],
    ['server', 'server.address'],
    ['error', 'error.type'],
    ['other', 'constructor', 'shop.cart'],
  ]);
});

test('a scalar can be filtered by, a list cannot', () => {
  const [section] = groupAttributes({ a: 1, b: ['x'], c: true, d: '' });
  expect(section?.rows).toEqual([
    { key: 'a', text: '1', filter: 'a=1' },
    { key: 'b', text: '["x"]', filter: undefined },
    { key: 'c', text: 'true', filter: 'c=true' },
    { key: 'd', text: '', filter: 'd=' },
  ]);
});
