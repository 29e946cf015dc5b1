import type { Messages } from './en.ts';
import { capacity } from './zh/capacity.ts';
import { diagnose } from './zh/diagnose.ts';
import { hosts, host } from './zh/hosts.ts';
import { impact } from './zh/impact.ts';
import { latency } from './zh/latency.ts';
import { map } from './zh/map.ts';
import { middleware } from './zh/middleware.ts';
import { overview } from './zh/overview.ts';
import { search } from './zh/search.ts';
import { registry, services, service, serviceParts } from './zh/services.ts';
import { nav, palette, range, keys, common, send, environment } from './zh/shell.ts';
import { top } from './zh/top.ts';
import { trace } from './zh/trace.ts';
import { traceViews } from './zh/trace-views.ts';
import { traces } from './zh/traces.ts';

/** 简体中文. */
export const zh: Messages = {
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
