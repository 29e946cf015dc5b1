import { hosts, host } from './en/hosts.ts';
import { latency } from './en/latency.ts';
import { search } from './en/search.ts';
import { services, service } from './en/services.ts';
import { nav, palette, range, environment, keys, common, send } from './en/shell.ts';
import { top } from './en/top.ts';
import { trace } from './en/trace.ts';
import { traces } from './en/traces.ts';

/** Every string a person sees, one file for each part of the dashboard. `zh.ts` has the same keys. Data (names, attributes, statements) is never translated. */
export const en = {
  nav,
  palette,
  range,
  environment,
  keys,
  common,
  send,
  search,
  services,
  service,
  top,
  latency,
  traces,
  trace,
  hosts,
  host,
};

export type Messages = typeof en;
