import type { Condition, Expression } from '@sonde/model';
import { errorCode } from '../../engine/errors.ts';
import type { Engine } from '../../engine/types.ts';
import { ask, defineQuery } from '../define.ts';

/** A regular expression that RE2 cannot compile. `message` is a sentence about it. */
export class BadPattern extends Error {
  override readonly name = 'BadPattern';
  /** The condition that holds it. */
  readonly condition: Condition;

  constructor(condition: Condition, message: string, cause: unknown) {
    super(message, { cause });
    this.condition = condition;
  }
}

export const patternQuery = defineQuery({
  name: 'pattern',
  isQuick: true,
  params: { pattern: 'String' },
  row: { matches: 'UInt8' },
  sql: `SELECT match('', {pattern:String}) AS matches`,
});

/** CANNOT_COMPILE_REGEXP (src/Common/ErrorCodes.cpp). */
const cannotCompile = '427';

/** Asked before the spans are: which of several patterns is bad, no error says, and over no rows a bad one would go unseen. */
export async function checkPatterns(engine: Engine, expression: Expression | undefined): Promise<void> {
  for (const condition of expression === undefined ? [] : patternsOf(expression)) {
    try {
      await ask(engine, patternQuery, { pattern: String(condition.value) });
    } catch (error) {
      if (errorCode(error) !== cannotCompile) throw error;
      const [, reason = ''] = /, error: ([^]*?)\. Look at /.exec(String(error)) ?? [];
      throw new BadPattern(condition, `This is not a regular expression of RE2${reason === '' ? '' : `: ${reason}`}.`, error);
    }
  }
}

function patternsOf(expression: Expression): Extract<Condition, { kind: 'compare' }>[] {
  if ('parts' in expression) return expression.parts.flatMap(patternsOf);
  if (expression.kind === 'not') return patternsOf(expression.part);
  return expression.kind === 'compare' && ['~', '!~'].includes(expression.operator) ? [expression] : [];
}
