import { getCapacity, getCapacityWhatIf } from './capacity.ts';
import { listChanges } from './changes.ts';
import { compareTraces } from './compare.ts';
import { getDependencies } from './dependencies.ts';
import { getDiagnosis } from './diagnosis.ts';
import { getErrorOrigins } from './error-origins.ts';
import { listTraceFacets } from './facets.ts';
import { getHealth } from './health.ts';
import { listHostProcesses } from './host-processes.ts';
import { getHost, listHosts } from './hosts.ts';
import { getImpact } from './impact.ts';
import { getInventory } from './inventory.ts';
import { getLatencyHeatmap, getLatencyHistogram } from './latency.ts';
import { getLogHistogram, listLogs } from './logs.ts';
import { getMiddleware, listMiddleware } from './middleware.ts';
import { getOverview } from './overview.ts';
import { getRetention, setRetention } from './retention.ts';
import { listSearchKeys, listSearchValues } from './search.ts';
import { listServiceErrors } from './service-errors.ts';
import { listServiceVersions } from './service-versions.ts';
import { getService, listServices } from './services.ts';
import { getTop } from './top.ts';
import { compareTraceFlames } from './trace-flames.ts';
import { getTraceColumns } from './trace-columns.ts';
import { listTraceLinks } from './trace-links.ts';
import { getTrace, listTraces } from './traces.ts';

export * from './capacity.ts';
export * from './changes.ts';
export * from './common.ts';
export * from './compare.ts';
export * from './error-origins.ts';
export * from './facets.ts';
export * from './dependencies.ts';
export * from './diagnosis.ts';
export * from './health.ts';
export * from './host-processes.ts';
export * from './hosts.ts';
export * from './impact.ts';
export * from './inventory.ts';
export * from './latency.ts';
export * from './logs.ts';
export * from './middleware.ts';
export * from './overview.ts';
export * from './retention.ts';
export * from './search.ts';
export * from './service-errors.ts';
export * from './service-versions.ts';
export * from './services.ts';
export * from './top.ts';
export * from './trace-columns.ts';
export * from './trace-flames.ts';
export * from './trace-links.ts';
export * from './traces.ts';

/** Everything that can be asked, by operation id. */
export const operations = {
  getHealth,
  getOverview,
  listServices,
  getService,
  listServiceErrors,
  listServiceVersions,
  getTop,
  getDependencies,
  getImpact,
  getDiagnosis,
  listChanges,
  getCapacity,
  getCapacityWhatIf,
  listTraces,
  listTraceFacets,
  compareTraces,
  getErrorOrigins,
  compareTraceFlames,
  getTrace,
  getTraceColumns,
  listTraceLinks,
  listSearchKeys,
  listSearchValues,
  getLatencyHistogram,
  getLatencyHeatmap,
  listLogs,
  getLogHistogram,
  listHosts,
  getHost,
  listHostProcesses,
  listMiddleware,
  getMiddleware,
  getInventory,
  getRetention,
  setRetention,
};
