import { type Answer, type Request, request } from '../request.ts';

/** One GET of a server that is asked over HTTP, whatever the status is. */
export function httpGet(url: URL, options: Pick<Request, 'headers' | 'signal' | 'bytesMax'>): Promise<Answer> {
  return request(url, options);
}
