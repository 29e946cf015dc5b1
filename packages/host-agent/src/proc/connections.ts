import { type Metric, point } from '../metric.ts';

/** The states of include/net/tcp_states.h in the words of `network.connection.state`; 12 is half of an open, still to be accepted. */
const states: Readonly<Record<string, string>> = {
  '01': 'established',
  '02': 'syn_sent',
  '03': 'syn_received',
  '04': 'fin_wait_1',
  '05': 'fin_wait_2',
  '06': 'time_wait',
  '07': 'closed',
  '08': 'close_wait',
  '09': 'last_ack',
  '0A': 'listen',
  '0B': 'closing',
  '0C': 'syn_received',
};

/** To list more than these costs more than it tells. */
export const listedConnectionsMax = 20_000;

/** How many TCP sockets there are, by `/proc/net/sockstat` and `/proc/net/sockstat6`, without listing them. */
export function socketCount(sockstat: string): number {
  return [...sockstat.matchAll(/^TCP6?: inuse (\d+)(?:.* tw (\d+))?/gm)].reduce((sum, [, used, waiting = '0']) => {
    return sum + Number(used) + Number(waiting);
  }, 0);
}

/** `/proc/net/tcp` and `/proc/net/tcp6`: TCP connections by state. A state that none is in is 0. */
export function connectionMetrics(tables: readonly string[]): Metric[] {
  const counts = new Map(Object.values(states).map((state) => [state, 0]));
  let isKnown = false;
  for (const table of tables) {
    isKnown ||= table.includes('local_address');
    for (const [, hex = ''] of table.matchAll(/^ *\d+: [0-9A-F]+:[0-9A-F]{4} [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2}) /gm)) {
      const state = states[hex];
      if (state !== undefined) counts.set(state, (counts.get(state) ?? 0) + 1);
    }
  }
  if (!isKnown) return [];
  const points = [...counts].map(([state, count]) =>
    point(count, { 'network.transport': 'tcp', 'network.connection.state': state }),
  );
  return [{ name: 'system.network.connection.count', unit: '{connection}', type: 'level', points }];
}
