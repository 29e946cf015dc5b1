export const search = {
  label: 'Search',
  example: 'service.name = cart and duration > 500ms and http.route ~ "/api/.*"',
  choices: 'Completions',
  kinds: { key: 'key', operator: 'operator', value: 'value', connective: '', history: 'searched before' },
};
