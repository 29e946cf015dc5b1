import type { ErrorCode } from '../errors.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { ByteBudget } from './byte-budget.ts';

/** What every receiver needs, whatever its protocol. */
export interface ReceiverOptions {
  readonly ingest: Pick<Ingest, 'append'>;
  readonly budget: ByteBudget;
  /** Packed and unpacked. */
  readonly bodyBytesMax: number;
  /** A sender that has not finished by then is cut off. */
  readonly messageWithinMs: number;
  /** A request was turned away before it could be decoded. */
  readonly onRefused: (code: ErrorCode) => void;
  /** Something failed that should not; the sender is told to try again. */
  readonly onFault: (error: unknown) => void;
}
