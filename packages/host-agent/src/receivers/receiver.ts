import { type Attributes } from '../attributes.ts';
import { type Metric } from '../metric.ts';
import { type LogRecord, type SpanRecord } from '../record.ts';
import { type SettingsTable, type ValuesOf } from './settings.ts';

/**
 * A kind of middleware that can be asked how it is: a value in the closed list of kinds.ts, with a folder of its own. What it must do is
 * small: open() builds a Receiver without asking the server anything, scrape() asks once. When, how long, in what resource, and what is
 * said where it fails, is the Runner's.
 */
export interface ReceiverKind<Table extends SettingsTable = SettingsTable> {
  /** The word of the configuration, and of `sonde.middleware.kind`. */
  readonly kind: string;
  /** What stands under a receiver of this kind in the configuration. */
  readonly settings: Table;
  /** Of a kind that is dear to ask: no more often than this, unless configured. */
  readonly intervalSeconds?: number;
  /** `db.system.name`, `messaging.system`: what the semantic conventions call it, so that clients' spans and this agree. */
  readonly system: Attributes;
  /** Where the server is, as configured: `server.address` and `server.port`. */
  readonly server: (settings: ValuesOf<Table>) => ServerAddress;
  readonly open: (settings: ValuesOf<Table>, context: ReceiverContext) => Receiver;
}

export interface ServerAddress {
  /** A name, an address, or the path of a Unix socket. */
  readonly address: string;
  readonly port: number | undefined;
}

export interface Receiver {
  /**
   * The server's state now. Rejects where it cannot be had, best with a ScrapeError (failure.ts). The signal ends it at its timeout; the
   * next scrape comes no sooner than this one has settled.
   */
  scrape(signal: AbortSignal): Promise<ReceiverScrape>;
  /** Lets go of connections and files. */
  close(): Promise<void>;
}

export interface ReceiverScrape {
  /** When the server started: where its counters were zero. Nothing where it does not say so. */
  readonly startTimeMs?: number;
  /** What the server says of itself and what does not change while it runs: its version for one. */
  readonly resource?: Attributes;
  readonly metrics: readonly Metric[];
  /** What a part of the scrape could not have and why, a sentence each: a privilege that is missing. Said once for as long as it is so. */
  readonly gaps?: readonly string[];
}

/** What a receiver may do besides scraping. */
export interface ReceiverContext {
  /** `redis/cache`. */
  readonly id: string;
  /** Log records of the server: its kind is their service. Bounded: what the collector does not take in time is dropped. */
  readonly logs: (records: readonly LogRecord[]) => void;
  /** Spans of a service, with the host's identity and the receiver's: bounded likewise. */
  readonly spans: (serviceName: string, spans: readonly SpanRecord[]) => void;
  /** One line in the host agent's own log. Secrets of the settings are struck out. */
  readonly report: (sentence: string) => void;
}

/** Ties open() and server() to the types of the table; what is kept in the list of kinds has forgotten them. */
export function receiverKind<const Table extends SettingsTable>(definition: ReceiverKind<Table>): ReceiverKind {
  return definition as unknown as ReceiverKind;
}
