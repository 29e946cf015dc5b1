/**
 * What a statement does to which table, as the semantic conventions summarise it (`db.query.summary`: operation and target): `SELECT orders`.
 * Empty for what does not begin with a word.
 */
export function statementLabel(text: string): string {
  const [operation = ''] = /^[A-Za-z]+/.exec(text.trim()) ?? [];
  const [, target = ''] = /\b(?:FROM|INTO|UPDATE|TABLE)\s+(?:ONLY\s+)?([\w."`[\]]+)/i.exec(outsideBrackets(text)) ?? [];
  return [operation.toUpperCase(), target.replaceAll(/["`[\]]/g, '')].filter(Boolean).join(' ');
}

const depthMax = 20;

/** `EXTRACT(epoch FROM at)` names no table, and a question within another is another. */
function outsideBrackets(text: string): string {
  let left = text;
  for (let depth = 0; depth < depthMax; depth++) left = left.replaceAll(/\([^()]*\)/g, '?');
  return left;
}
