/** What the supervisor and its processes tell each other over IPC. It never touches a socket, so no switch shows up in a trace. */
export type SwitchName =
  | 'slow-statement'
  | 'cpu-hog'
  | 'blocked-loop'
  | 'failing-payment'
  | 'slow-payment'
  | 'gc-pressure'
  | 'queue-backup'
  | 'traffic-surge'
  | 'bad-release'
  | 'lost-instance';

/** To a process: a switch was flipped. Answered with `switched` when it has taken effect. */
export interface SwitchMessage {
  readonly flip: SwitchName;
  readonly on: boolean;
}

/** From a process. `port` is absent when it listens on none. */
export type ProcessMessage = { readonly ready: true; readonly port?: number } | { readonly switched: SwitchName };
