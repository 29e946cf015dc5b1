import { type ReceiverKind } from './receiver.ts';

/** Every kind of middleware that can be configured. */
export const kinds: readonly ReceiverKind[] = [];
