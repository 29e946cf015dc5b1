import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { Refusal } from './refusals.ts';
import { sealJson, unsealJson } from './sealed-json.ts';
import { LoadPlan, SpoolSet } from './spool-set.ts';

/** What the manifests and plans of this build say first; a build that does not know a format refuses to start on it. */
const format = 1;

export class SpoolTooNew extends Error {
  constructor() {
    super('the spool was written by a newer Sonde: start that one, or move the spool folder away');
    this.name = 'SpoolTooNew';
  }
}

const SetRecord = Type.Object({ format: Type.Literal(format), set: SpoolSet });
const PlanRecord = Type.Object({ format: Type.Literal(format), plan: LoadPlan });
const RefusedRecord = Type.Object({ format: Type.Literal(format), refused: Type.Array(Refusal) });
const NewerRecord = Type.Object({ format: Type.Number({ exclusiveMinimum: format }) });

export const writeSet = (set: SpoolSet): Uint8Array => sealJson({ format, set });
export const writePlan = (plan: LoadPlan): Uint8Array => sealJson({ format, plan });
export const writeRefusals = (refused: readonly Refusal[]): Uint8Array => sealJson({ format, refused });

/** Nothing where the bytes are damaged. Throws SpoolTooNew. */
export function readSet(bytes: Uint8Array): SpoolSet | undefined {
  const record = unseal(bytes);
  return Value.Check(SetRecord, record) ? record.set : undefined;
}

/** Nothing where the bytes are damaged. Throws SpoolTooNew. */
export function readPlan(bytes: Uint8Array): LoadPlan | undefined {
  const record = unseal(bytes);
  return Value.Check(PlanRecord, record) ? record.plan : undefined;
}

/** Nothing where the bytes are damaged. Throws SpoolTooNew. */
export function readRefusals(bytes: Uint8Array): readonly Refusal[] | undefined {
  const record = unseal(bytes);
  return Value.Check(RefusedRecord, record) ? record.refused : undefined;
}

/** A plan's id names the first and the last of the sets it covers, so that a damaged plan still says what it fixed. */
export function planId(sets: readonly SpoolSet[]): string {
  return `${sets[0]?.id}--${sets.at(-1)?.id}`;
}

export function rangeOf(id: string): { readonly first: string; readonly last: string } {
  const [first = '', last = ''] = id.split('--');
  return { first, last };
}

function unseal(bytes: Uint8Array): unknown {
  const record = unsealJson(bytes);
  if (Value.Check(NewerRecord, record)) throw new SpoolTooNew();
  return record;
}
