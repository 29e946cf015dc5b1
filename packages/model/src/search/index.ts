export { type Completion, completeSearch } from './complete.ts';
export { fieldKey, operatorsOf, readField } from './fields.ts';
export { type ParsedSearch, parseSearch } from './parse.ts';
export { printSearch } from './print.ts';
export * from './search.ts';
export { tokenText } from './tokens.ts';
