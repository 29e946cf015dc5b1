/** The thread that settles, one window at a time. It never loads the database: a thread that did could not end. */
import { parentPort } from 'node:worker_threads';
import { NameLimit } from './name-limit.ts';
import { WindowSettling } from './window-settling.ts';

export type SettleRequest =
  | { readonly kind: 'begin'; readonly originMinute: number; readonly day: number; readonly namesMax: number }
  | { readonly kind: 'read'; readonly bytes: Uint8Array }
  | { readonly kind: 'finish' };

let names: NameLimit | undefined;
let window: WindowSettling | undefined;

function answer(request: SettleRequest): unknown {
  if (request.kind === 'begin') {
    names ??= new NameLimit(request.namesMax);
    names.startDay(request.day);
    window = new WindowSettling(request.originMinute);
    return undefined;
  }
  if (!window || !names) throw new Error('no window was begun');
  if (request.kind === 'read') return window.read(request.bytes);
  const result = window.finish(names);
  window = undefined;
  return result;
}

function answerOrError(request: SettleRequest): { readonly answer?: unknown; readonly error?: unknown } {
  try {
    return { answer: answer(request) };
  } catch (error) {
    window = undefined;
    return { error };
  }
}

parentPort?.on('message', (request: SettleRequest) => {
  const reply = answerOrError(request);
  parentPort?.postMessage(reply, []);
});
