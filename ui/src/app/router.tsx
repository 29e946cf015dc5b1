import { createRootRoute, createRoute, createRouter, lazyRouteComponent, retainSearchParams } from '@tanstack/react-router';
import { parseSearch, stringifySearch } from '../base/search-params.ts';
import { parseRangeUrl, rangeUrlKeys } from '../base/time-range.ts';
import { parseCapacityUrl } from '../features/capacity/url.ts';
import { parseDiagnoseUrl } from '../features/diagnose/url.ts';
import { parseHostsUrl } from '../features/hosts/url.ts';
import { parseLatencyUrl } from '../features/latency/url.ts';
import { parseMapUrl } from '../features/map/url.ts';
import { parseMiddlewareUrl } from '../features/middleware/url.ts';
import { parseOverviewUrl } from '../features/overview/url.ts';
import { parseServicesUrl, parseServiceUrl } from '../features/services/url.ts';
import { parseTopUrl } from '../features/top/url.ts';
import { parseCompareUrl } from '../features/trace/compare/url.ts';
import { traceQuery } from '../features/trace/trace-query.ts';
import { parseTraceUrl } from '../features/trace/url.ts';
import { parseTracesUrl } from '../features/traces/url.ts';
import { NotFound, PageFailed } from './not-found.tsx';
import { queryClient } from './query-client.ts';
import { Shell } from './shell.tsx';

const rootRoute = createRootRoute({
  component: Shell,
  notFoundComponent: NotFound,
  validateSearch: parseRangeUrl,
  // A link to another page keeps the time range unless it names one.
  search: { middlewares: [retainSearchParams([...rangeUrlKeys])] },
});
const child = <TPath extends string>(path: TPath) => ({ getParentRoute: () => rootRoute, path });

const routes = [
  createRoute({
    ...child('/'),
    validateSearch: parseOverviewUrl,
    component: lazyRouteComponent(() => import('../features/overview/overview-page.tsx'), 'OverviewPage'),
  }),
  createRoute({
    ...child('/services'),
    validateSearch: parseServicesUrl,
    component: lazyRouteComponent(() => import('../features/services/services-page.tsx'), 'ServicesPage'),
  }),
  createRoute({
    ...child('/services/$service'),
    validateSearch: parseServiceUrl,
    component: lazyRouteComponent(() => import('../features/services/service-page.tsx'), 'ServicePage'),
  }),
  createRoute({
    ...child('/map'),
    validateSearch: parseMapUrl,
    component: lazyRouteComponent(() => import('../features/map/map-page.tsx'), 'MapPage'),
  }),
  createRoute({
    ...child('/top'),
    validateSearch: parseTopUrl,
    component: lazyRouteComponent(() => import('../features/top/top-page.tsx'), 'TopPage'),
  }),
  createRoute({
    ...child('/latency'),
    validateSearch: parseLatencyUrl,
    component: lazyRouteComponent(() => import('../features/latency/latency-page.tsx'), 'LatencyPage'),
  }),
  createRoute({
    ...child('/diagnose'),
    validateSearch: parseDiagnoseUrl,
    component: lazyRouteComponent(() => import('../features/diagnose/diagnose-page.tsx'), 'DiagnosePage'),
  }),
  createRoute({
    ...child('/traces'),
    validateSearch: parseTracesUrl,
    component: lazyRouteComponent(() => import('../features/traces/traces-page.tsx'), 'TracesPage'),
  }),
  createRoute({
    ...child('/traces/compare'),
    validateSearch: parseCompareUrl,
    component: lazyRouteComponent(() => import('../features/trace/compare/compare-page.tsx'), 'ComparePage'),
  }),
  createRoute({
    ...child('/traces/$traceId'),
    validateSearch: parseTraceUrl,
    // Not when somebody only points at a link: a trace may be 25 MB.
    loader: ({ params: { traceId }, cause }) => {
      if (cause === 'enter' && traceId !== 'upload') void queryClient.prefetchQuery(traceQuery(traceId));
    },
    component: lazyRouteComponent(() => import('../features/trace/file/trace-route.tsx'), 'TraceRoute'),
  }),
  createRoute({
    ...child('/hosts'),
    validateSearch: parseHostsUrl,
    component: lazyRouteComponent(() => import('../features/hosts/hosts-page.tsx'), 'HostsPage'),
  }),
  createRoute({
    ...child('/hosts/$host'),
    component: lazyRouteComponent(() => import('../features/hosts/host-page.tsx'), 'HostPage'),
  }),
  createRoute({
    ...child('/middleware'),
    validateSearch: parseMiddlewareUrl,
    component: lazyRouteComponent(() => import('../features/middleware/middleware-page.tsx'), 'MiddlewarePage'),
  }),
  createRoute({
    ...child('/middleware/$id'),
    component: lazyRouteComponent(() => import('../features/middleware/server-page.tsx'), 'ServerPage'),
  }),
  createRoute({
    ...child('/capacity'),
    validateSearch: parseCapacityUrl,
    component: lazyRouteComponent(() => import('../features/capacity/capacity-page.tsx'), 'CapacityPage'),
  }),
] as const;

export const router = createRouter({
  routeTree: rootRoute.addChildren(routes),
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultErrorComponent: PageFailed,
  scrollRestoration: true,
  scrollToTopSelectors: ['#content'],
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
