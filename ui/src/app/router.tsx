import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  retainSearchParams,
} from '@tanstack/react-router';
import { parseSearch, stringifySearch } from '../base/search-params.ts';
import { parseRangeUrl, rangeUrlKeys } from '../base/time-range.ts';
import { parseHostsUrl } from '../features/hosts/url.ts';
import { parseLatencyUrl } from '../features/latency/url.ts';
import { parseServicesUrl } from '../features/services/url.ts';
import { parseTopUrl } from '../features/top/url.ts';
import { parseTraceUrl } from '../features/trace/url.ts';
import { parseTracesUrl } from '../features/traces/url.ts';
import { NotFound, PageFailed } from './not-found.tsx';
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
    beforeLoad: () => {
      throw redirect({ to: '/services', search: true, replace: true });
    },
  }),
  createRoute({
    ...child('/services'),
    validateSearch: parseServicesUrl,
    component: lazyRouteComponent(() => import('../features/services/services-page.tsx'), 'ServicesPage'),
  }),
  createRoute({
    ...child('/services/$service'),
    component: lazyRouteComponent(() => import('../features/services/service-page.tsx'), 'ServicePage'),
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
    ...child('/traces'),
    validateSearch: parseTracesUrl,
    component: lazyRouteComponent(() => import('../features/traces/traces-page.tsx'), 'TracesPage'),
  }),
  createRoute({
    ...child('/traces/$traceId'),
    validateSearch: parseTraceUrl,
    component: lazyRouteComponent(() => import('../features/trace/trace-page.tsx'), 'TracePage'),
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
