import { errorCode } from '../engine/errors.ts';

/** ClickHouse's errors about a value in a row (src/Common/ErrorCodes.cpp): trying the same rows again cannot help. */
const valueErrors = new Map([
  [6, 'CANNOT_PARSE_TEXT'],
  [27, 'CANNOT_PARSE_INPUT_ASSERTION_FAILED'],
  [38, 'CANNOT_PARSE_DATE'],
  [41, 'CANNOT_PARSE_DATETIME'],
  [69, 'ARGUMENT_OUT_OF_BOUND'],
  [70, 'CANNOT_CONVERT_TYPE'],
  [72, 'CANNOT_PARSE_NUMBER'],
  [117, 'INCORRECT_DATA'],
  [128, 'TOO_LARGE_ARRAY_SIZE'],
  [131, 'TOO_LARGE_STRING_SIZE'],
  [153, 'ILLEGAL_DIVISION'],
  [190, 'SIZES_OF_ARRAYS_DONT_MATCH'],
  [248, 'INVALID_PARTITION_VALUE'],
  [321, 'VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE'],
  [349, 'CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN'],
  [395, 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO'],
  [407, 'DECIMAL_OVERFLOW'],
  [469, 'VIOLATED_CONSTRAINT'],
]);

/**
 * Its errors about the shape of a block: where it ends, which columns it has, of which types. Where the block is one of ours, the
 * fault lies elsewhere: a column that somebody dropped, a connection that cut the bytes short.
 */
const shapeErrors = new Map([
  [8, 'THERE_IS_NO_COLUMN'],
  [9, 'SIZES_OF_COLUMNS_DOESNT_MATCH'],
  [10, 'NOT_FOUND_COLUMN_IN_BLOCK'],
  [16, 'NO_SUCH_COLUMN_IN_TABLE'],
  [20, 'NUMBER_OF_COLUMNS_DOESNT_MATCH'],
  [32, 'ATTEMPT_TO_READ_AFTER_EOF'],
  [33, 'CANNOT_READ_ALL_DATA'],
  [44, 'ILLEGAL_COLUMN'],
  [50, 'UNKNOWN_TYPE'],
  [53, 'TYPE_MISMATCH'],
]);

export interface ContentError {
  /** The engine's name for the error: one of a closed list. */
  readonly name: string;
  /** `shape`: the content is at fault only where it is not a block of the table. */
  readonly about: 'value' | 'shape';
}

/** Every code that may be the content's fault, with the engine's name for it. */
export const contentErrorNames: ReadonlyMap<number, string> = new Map([...valueErrors, ...shapeErrors]);

/**
 * Whether an insert failed because of what is in it. Anything else, known or not, is taken as passing, and tried again. So is what
 * failed in a materialized view: by then the rows stand in the table itself, and under another token they would stand there twice. And
 * so is what a shard of a cluster refused, for another shard may have stored its part (the engine then says how far each has come).
 */
export function contentError(error: unknown): ContentError | undefined {
  const code = Number(errorCode(error));
  if (error instanceof Error && /while pushing to view|Insertion status:/.test(error.message)) return undefined;
  const value = valueErrors.get(code);
  if (value !== undefined) return { name: value, about: 'value' };
  const shape = shapeErrors.get(code);
  return shape === undefined ? undefined : { name: shape, about: 'shape' };
}
