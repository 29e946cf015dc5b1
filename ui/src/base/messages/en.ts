import { capacity } from './en/capacity.ts';
import { diagnose } from './en/diagnose.ts';
import { hosts, host } from './en/hosts.ts';
import { impact } from './en/impact.ts';
import { latency } from './en/latency.ts';
import { map } from './en/map.ts';
import { middleware } from './en/middleware.ts';
import { overview } from './en/overview.ts';
import { search } from './en/search.ts';
import { registry, services, service, serviceParts } from './en/services.ts';
import { nav, palette, range, keys, common, send, environment } from './en/shell.ts';
import { top } from './en/top.ts';
import { trace } from './en/trace.ts';
import { traceViews } from './en/trace-views.ts';
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
  overview,
  search,
  services,
  service,
  serviceParts,
  registry,
  map,
  top,
  capacity,
  diagnose,
  latency,
  traces,
  trace,
  traceViews,
  hosts,
  impact,
  host,
  middleware,
};

export type Messages = typeof en;
