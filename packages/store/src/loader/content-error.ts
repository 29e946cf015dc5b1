import { errorCode } from '../engine/errors.ts';

/**
 * Whether an insert failed because of what is in the file, so that trying again cannot help: ClickHouse's error codes for
 * values that do not parse or convert (src/Common/ErrorCodes.cpp). Anything else, known or not, is taken as passing.
 */
const contentCodes = new Set([
  6, // CANNOT_PARSE_TEXT
  8, // THERE_IS_NO_COLUMN
  9, // SIZES_OF_COLUMNS_DOESNT_MATCH
  10, // NOT_FOUND_COLUMN_IN_BLOCK
  16, // NO_SUCH_COLUMN_IN_TABLE
  20, // NUMBER_OF_COLUMNS_DOESNT_MATCH
  32, // ATTEMPT_TO_READ_AFTER_EOF
  33, // CANNOT_READ_ALL_DATA
  44, // ILLEGAL_COLUMN
  50, // UNKNOWN_TYPE
  53, // TYPE_MISMATCH
  69, // ARGUMENT_OUT_OF_BOUND
  70, // CANNOT_CONVERT_TYPE
  117, // INCORRECT_DATA
  128, // TOO_LARGE_ARRAY_SIZE
  131, // TOO_LARGE_STRING_SIZE
  190, // SIZES_OF_ARRAYS_DONT_MATCH
  349, // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
]);

/** The engine's name for the error where it refused the content, else nothing. */
export function contentError(error: unknown): string | undefined {
  const code = errorCode(error);
  if (code === undefined || !contentCodes.has(Number(code)) || !(error instanceof Error)) return undefined;
  if ('type' in error && typeof error.type === 'string') return error.type;
  return /\(([A-Z_]{4,})\)/.exec(error.message)?.[1] ?? `code ${code}`;
}
