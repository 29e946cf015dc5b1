import { getRouteApi } from '@tanstack/react-router';
import { TracePage } from '../trace-page.tsx';
import { UploadPage } from './upload-page.tsx';

const route = getRouteApi('/traces/$traceId');

/**
 * A stored trace, or with `upload` in place of its id one from a file: the same page at the same route, whose parts read their state from
 * it. No trace id is spelt so.
 */
export function TraceRoute() {
  const { traceId } = route.useParams();
  return traceId === 'upload' ? <UploadPage /> : <TracePage />;
}
