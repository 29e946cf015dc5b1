/** What a question ran out of. */
type BudgetLimit = 'time' | 'memory' | 'rows' | 'size';

/** A question cost more than its budget: it was given up, and asking for less (a shorter range, one service) may succeed. */
export class QueryBudgetExceeded extends Error {
  override readonly name = 'QueryBudgetExceeded';
  readonly limit: BudgetLimit;

  constructor(limit: BudgetLimit, cause: unknown) {
    super(`The question exceeded its ${limit} budget.`, { cause });
    this.limit = limit;
  }
}

/** Every reader is busy and the queue is full, or the wait was too long: the same question may succeed later. */
export class EngineBusy extends Error {
  override readonly name = 'EngineBusy';
}

/** The server did not answer, or not as a ClickHouse does: the same may succeed when it is back. */
export class EngineUnreachable extends Error {
  override readonly name = 'EngineUnreachable';
}

/** The engine cannot be used as it is: too old, or its data directory is unusable. Says what to change. */
export class EngineUnusable extends Error {
  override readonly name = 'EngineUnusable';
}

/** ClickHouse error codes (src/Common/ErrorCodes.cpp) that mean "over the budget of this query". */
const budgetCodes = new Map<string, BudgetLimit>([
  ['158', 'rows'], // TOO_MANY_ROWS
  ['159', 'time'], // TIMEOUT_EXCEEDED
  ['160', 'time'], // TOO_SLOW
  ['241', 'memory'], // MEMORY_LIMIT_EXCEEDED
  ['396', 'size'], // TOO_MANY_ROWS_OR_BYTES, of the result
]);

/** The engine's error as what it means for a question. Anything but a budget stays as it is. */
export function asQuestionError(error: unknown): unknown {
  const limit = budgetCodes.get(errorCode(error) ?? '');
  return limit === undefined ? error : new QueryBudgetExceeded(limit, error);
}

/** The number in `Code: 241. DB::Exception: ...`, which the client of a server has taken out of the message. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string' && /^\d+$/.test(error.code)) return error.code;
  return /Code: (\d+)\./.exec(error.message)?.[1];
}
