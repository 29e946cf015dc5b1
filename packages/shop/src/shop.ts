/** The whole shop: its processes, load on its gateway, its switches and its control port. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SwitchName } from './base/messages.ts';
import { prepareDatabase, setSlowStatement } from './database/schema.ts';
import { serveControl } from './supervisor/control.ts';
import { startLoad, type Load } from './supervisor/load.ts';
import { setBadRelease, startProcesses, type Processes, type ProcessesOptions } from './supervisor/processes.ts';
import { queueState, type QueueState } from './supervisor/queue-state.ts';

export interface ShopOptions extends ProcessesOptions {
  /** 0, the default: any free port. */
  readonly controlPort?: number | undefined;
  /** Decides every call of the load and its time. Default 1. */
  readonly seed?: number | undefined;
  /** Calls per second in the mean. Default 10; 0: no load. */
  readonly rate?: number | undefined;
  /** One log file per process. Default: a temporary folder that is removed with the shop. */
  readonly logDir?: string | undefined;
}

export interface ShopStatus {
  readonly processes: readonly { name: string; pid: number | undefined; restarts: number }[];
  /** Absent while the broker is away. */
  readonly queue: QueueState | undefined;
  readonly load: ReturnType<Load['counts']>;
  /** Calls that the load generator left out, because too many were under way. */
  readonly leftOut: number;
}

export interface Shop {
  readonly gatewayUrl: string;
  readonly controlUrl: string;
  readonly switches: {
    isOn(name: SwitchName): boolean;
    /** Resolves when the switch has taken effect. */
    set(name: SwitchName, on: boolean): Promise<void>;
  };
  status(): Promise<ShopStatus>;
  /** Ends the load, then every process. */
  stop(): Promise<void>;
}

const processOfSwitch = {
  'cpu-hog': 'orders-2',
  'blocked-loop': 'inventory',
  'failing-payment': 'psp',
  'slow-payment': 'psp',
  'gc-pressure': 'inventory',
  'queue-backup': 'fulfilment',
} as const satisfies Partial<Record<SwitchName, string>>;

const surgeFactor = 3;

export async function startShop({ controlPort = 0, seed = 1, rate = 10, logDir, ...options }: ShopOptions): Promise<Shop> {
  const logs = logDir ?? mkdtempSync(join(tmpdir(), 'sonde-shop-'));
  mkdirSync(logs, { recursive: true });
  const removeLogs = (): void => {
    if (logDir === undefined) rmSync(logs, { recursive: true, force: true });
  };
  const on = new Set<SwitchName>();
  const onNewDatabase = async (url: string): Promise<void> => {
    await prepareDatabase(url);
    if (on.has('slow-statement')) await setSlowStatement(url, true);
  };

  const processes = await startProcesses(options, logs, onNewDatabase);
  const lost = () => processes.children.named('orders-2');
  const load = rate > 0 ? startLoad(processes.gatewayUrl, { seed, rate }) : undefined;
  const switches: Shop['switches'] = {
    isOn: (name) => on.has(name),
    set: async (name, value) => {
      if (value) on.add(name);
      else on.delete(name);
      if (name === 'slow-statement') await setSlowStatement(processes.databaseUrl, value);
      else if (name === 'traffic-surge') load?.setFactor(value ? surgeFactor : 1);
      else if (name === 'bad-release') await setBadRelease(processes.children, value);
      else if (name === 'lost-instance') await (value ? lost().hold() : lost().release());
      else await processes.children.named(processOfSwitch[name]).set(name, value);
    },
  };
  // Without load from the start there is none to change.
  const setRate = (perSecond: number): void => load?.setRate(perSecond);
  const status = (): Promise<ShopStatus> => statusOf(processes, load);
  try {
    const control = await serveControl({ ...switches, setRate, status }, controlPort);
    return {
      gatewayUrl: processes.gatewayUrl,
      controlUrl: control.url,
      switches,
      status,
      stop: async () => {
        await load?.stop();
        await control.close();
        await processes.children.stop();
        removeLogs();
      },
    };
  } catch (error) {
    await load?.stop();
    await processes.children.stop();
    throw error;
  }
}

async function statusOf(processes: Processes, load: Load | undefined): Promise<ShopStatus> {
  return {
    processes: processes.children.all().map(({ name, pid, restarts }) => ({ name, pid, restarts })),
    queue: await queueState(processes.amqpUrl),
    load: load?.counts() ?? {},
    leftOut: load?.leftOut() ?? 0,
  };
}
