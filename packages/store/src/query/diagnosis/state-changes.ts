import type { StateChange } from '@sonde/api';
import { bounds, goneOf, type PeriodFacts, type ServiceChange } from '@sonde/model';

/** What changed its state between the periods, of anything on the way. */
export function stateChanges(services: readonly ServiceChange[], baseline: PeriodFacts, now: PeriodFacts): StateChange[] {
  const ofServices = services.flatMap((service): StateChange[] => {
    const { instances, newVersions, rate } = service;
    const of = service.service;
    const isStep =
      rate.baseline > 0 && (rate.now >= bounds.rateBy * rate.baseline || rate.now * bounds.rateBy <= rate.baseline);
    return [
      ...newVersions.map((name) => ({
        kind: 'new version' as const,
        service: of,
        name,
        atMs: null,
        baseline: null,
        now: null,
      })),
      ...(isStep ? [{ kind: 'traffic step' as const, service: of, name: of, atMs: null, ...rate }] : []),
      ...goneOf(service).map(({ instance, lastSeenMs }) => ({
        kind: 'instance gone' as const,
        service: of,
        name: instance,
        atMs: lastSeenMs,
        baseline: 1,
        now: 0,
      })),
      ...instances
        .filter(({ instance, served }) => instance !== '' && served.baseline === 0 && served.now > 0)
        .map(({ instance }) => ({
          kind: 'new instance' as const,
          service: of,
          name: instance,
          atMs: null,
          baseline: 0,
          now: 1,
        })),
    ];
  });
  const ofHosts = [...now.hosts].flatMap(([host, { cpu }]): StateChange[] => {
    const earlier = baseline.hosts.get(host)?.cpu ?? null;
    if (cpu === null || cpu < bounds.cpuTo || (earlier !== null && cpu - earlier < bounds.cpuBy)) return [];
    return [{ kind: 'resource saturated', service: '', name: host, atMs: null, baseline: earlier, now: cpu }];
  });
  return [...ofServices, ...ofHosts];
}
