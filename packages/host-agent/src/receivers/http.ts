import { ScrapeError } from './failure.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** One GET, whatever the status is. The answer is read up to a bound: who is asked may be another than one thinks. */
export async function httpGet(
  url: URL,
  { headers = {}, signal, bytesMax }: { headers?: Readonly<Record<string, string>>; signal: AbortSignal; bytesMax: number },
): Promise<HttpAnswer> {
  const response = await fetch(url, { headers, signal, redirect: 'manual' });
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > bytesMax)
      throw new ScrapeError('unexpected', `${url.host} answers more than ${bytesMax} bytes to ${url.pathname}`);
  }
  return { status: response.status, headers: response.headers, text: Buffer.concat(chunks).toString('utf8') };
}
