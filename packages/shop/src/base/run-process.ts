/**
 * The life of one process of the shop. It ends when it is told to (SIGTERM) or when its supervisor is gone (IPC 'disconnect'):
 * it closes what it opened and lets the event loop run empty, so that whoever still has something to send at the end can.
 */
import type { ProcessMessage, SwitchMessage, SwitchName } from './messages.ts';

export interface RunningPart {
  readonly port?: number;
  readonly switches?: { readonly [name in SwitchName]?: (on: boolean) => void | Promise<void> };
  close(): Promise<void>;
}

const exitWithinMs = 3_000;

export async function runProcess(start: () => Promise<RunningPart>): Promise<void> {
  let part: RunningPart | undefined;
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    if (part === undefined) process.exit(0);
    setTimeout(() => process.exit(0), exitWithinMs).unref();
    await part.close();
    if (process.connected) process.disconnect();
  };
  process.on('SIGTERM', () => void stop());
  process.on('disconnect', () => void stop());
  // Ctrl-C reaches the whole foreground group; the supervisor decides who ends when.
  process.on('SIGINT', () => undefined);
  part = await start();
  // The supervisor ended while the modules were loading: its 'disconnect' was missed.
  if (process.send !== undefined && !process.connected) return stop();
  process.on('message', (message: SwitchMessage) => void flip(part, message));
  tell(part.port === undefined ? { ready: true } : { ready: true, port: part.port });
}

async function flip(part: RunningPart | undefined, message: SwitchMessage): Promise<void> {
  await part?.switches?.[message.flip]?.(message.on);
  tell({ switched: message.flip });
}

function tell(message: ProcessMessage): void {
  process.send?.(message);
}
