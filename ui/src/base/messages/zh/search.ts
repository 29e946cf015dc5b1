import type { Messages } from '../en.ts';

export const search: Messages['search'] = {
  label: '搜索',
  example: 'service.name = cart and duration > 500ms and http.route ~ "/api/.*"',
  choices: '补全',
  kinds: { key: '键', operator: '运算符', value: '值', connective: '', history: '搜索过' },
};
