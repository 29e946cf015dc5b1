import type { Engine } from '../engine/types.ts';
import { capacity } from './capacity/capacity.ts';
import { capacityWhatIf, type WhatIfOptions } from './capacity/what-if.ts';
import { type CompareOptions, compareSpans } from './compare.ts';
import { changes, type ChangesOptions } from './diagnosis/changes.ts';
import { diagnosis, type DiagnosisOptions } from './diagnosis/diagnosis.ts';
import { partDiagnosis, type PartDiagnosisOptions } from './diagnosis/part-diagnosis.ts';
import { errorOrigins } from './error-origins.ts';
import { type FacetOptions, traceFacets } from './facets.ts';
import { dependencies, type DependencyOptions } from './dependencies.ts';
import type { SpanFilters } from './filters.ts';
import type { Field } from '@sonde/model';
import { host } from './host.ts';
import { hosts } from './hosts.ts';
import { impact, type ImpactOptions } from './impact.ts';
import { logHistogram } from './logs/log-histogram.ts';
import { type LogFilters, type LogPage, logs } from './logs/logs.ts';
import { middleware } from './middleware/middleware.ts';
import { middlewareDetail } from './middleware/middleware-detail.ts';
import { inventory } from './inventory.ts';
import { latencyHeatmap, latencyHistogram } from './latency.ts';
import { overview } from './overview.ts';
import type { TimeRange } from './range.ts';
import type { Place } from './ranked.ts';
import type { Selection } from './selection.ts';
import { searchKeys } from './search/keys.ts';
import { searchValues } from './search/values.ts';
import { service } from './service.ts';
import { serviceErrors } from './service-errors.ts';
import { serviceVersions } from './service-versions.ts';
import { services } from './services.ts';
import { hostProcesses } from './host-processes.ts';
import { top, type TopOptions } from './top.ts';
import { traceFlames } from './trace-flames.ts';
import { traceLinks } from './trace-links.ts';
import { trace, traceColumns } from './trace.ts';
import { type TracePage, traces } from './traces.ts';

/**
 * What the API may ask, each answered as packages/api has it. All may throw QueryBudgetExceeded and EngineBusy; `traces` and `logs` BadCursor;
 * what takes filters BadPattern.
 * `undefined`: there is no such thing.
 */
export function openQuestions(engine: Engine) {
  return {
    overview: (range: TimeRange, place: Place, limit: number) => overview(engine, range, place, limit),
    services: (range: TimeRange, place: Place = {}) => services(engine, range, place),
    service: (range: TimeRange, name: string, place: Place = {}) => service(engine, range, name, place),
    serviceErrors: (range: TimeRange, name: string, place: Place, limit: number) =>
      serviceErrors(engine, range, name, place, limit),
    serviceVersions: (range: TimeRange, name: string, place: Place = {}) => serviceVersions(engine, range, name, place),
    top: (range: TimeRange, options: TopOptions) => top(engine, range, options),
    dependencies: (range: TimeRange, options: DependencyOptions) => dependencies(engine, range, options),
    hostProcesses: (range: TimeRange, options: { readonly host: string; readonly limit: number }) =>
      hostProcesses(engine, range, options),
    impact: (range: TimeRange, options: ImpactOptions) => impact(engine, range, options),
    diagnosis: (range: TimeRange, options: DiagnosisOptions) => diagnosis(engine, range, options),
    partDiagnosis: (range: TimeRange, options: PartDiagnosisOptions) => partDiagnosis(engine, range, options),
    changes: (range: TimeRange, options: ChangesOptions) => changes(engine, range, options),
    capacity: (range: TimeRange, place: Place, limit: number) => capacity(engine, range, place, limit),
    capacityWhatIf: (range: TimeRange, options: WhatIfOptions) => capacityWhatIf(engine, range, options),
    traces: (range: TimeRange, filters: SpanFilters, page: TracePage) => traces(engine, range, filters, page),
    traceFacets: (range: TimeRange, filters: SpanFilters, options: FacetOptions) =>
      traceFacets(engine, range, filters, options),
    compareTraces: (range: TimeRange, filters: SpanFilters, selection: Selection, options: CompareOptions) =>
      compareSpans(engine, range, filters, selection, options),
    errorOrigins: (range: TimeRange, filters: SpanFilters, selection: Selection, limit: number) =>
      errorOrigins(engine, range, filters, selection, limit),
    traceFlames: (range: TimeRange, filters: SpanFilters, selection: Selection, limit: number) =>
      traceFlames(engine, range, filters, selection, limit),
    /** 32 lower-case hex digits. */
    trace: (traceId: string) => trace(engine, traceId),
    traceColumns: (traceId: string) => traceColumns(engine, traceId),
    traceLinks: (traceId: string, limit: number) => traceLinks(engine, traceId, limit),
    latencyHistogram: (range: TimeRange, filters: SpanFilters) => latencyHistogram(engine, range, filters),
    latencyHeatmap: (range: TimeRange, filters: SpanFilters) => latencyHeatmap(engine, range, filters),
    searchKeys: (range: TimeRange, prefix: string, limit: number) => searchKeys(engine, range, prefix, limit),
    searchValues: (range: TimeRange, field: Field, prefix: string, limit: number) =>
      searchValues(engine, range, field, prefix, limit),
    logs: (range: TimeRange, filters: LogFilters, page: LogPage) => logs(engine, range, filters, page),
    logHistogram: (range: TimeRange, filters: LogFilters) => logHistogram(engine, range, filters),
    inventory: (place: Place, limit: number) => inventory(engine, place, limit),
    hosts: async (range: TimeRange, place: Place = {}) => ({ range, items: await hosts(engine, range, place) }),
    middleware: (range: TimeRange, place: Place = {}) => middleware(engine, range, place),
    middlewareDetail: (range: TimeRange, id: string, place: Place = {}) => middlewareDetail(engine, range, id, place),
    host: (range: TimeRange, name: string, place: Place = {}) => host(engine, range, name, place),
  };
}

export type Questions = ReturnType<typeof openQuestions>;
