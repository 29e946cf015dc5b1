import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

export interface Answer {
  readonly status: number;
  /** By their names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
}

export interface Request {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly signal: AbortSignal;
  /** Of the answer: who is asked may be another than one thinks. */
  readonly bytesMax: number;
}

const agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };

/** One HTTP request, whatever the status of the answer is. Not fetch(): that is a sixth of the memory of this process. */
export function request(url: URL, options: Request): Promise<Answer> {
  const { method = 'GET', headers = {}, body, signal, bytesMax } = options;
  return new Promise((done, failed) => {
    const isHttps = url.protocol === 'https:';
    const length = body === undefined ? {} : { 'content-length': String(body.length) };
    const given = { method, headers: { ...headers, ...length }, signal, agent: isHttps ? agents.https : agents.http };
    const outgoing = (isHttps ? httpsRequest : httpRequest)(url, given, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes > bytesMax) response.destroy(new Error(`${url.host} answers more than ${bytesMax} bytes to ${url.pathname}`));
      });
      response.on('error', failed);
      response.on('end', () => {
        const pairs = Object.entries(response.headers).map(([name, value]): [string, string] => [name, String(value)]);
        done({ status: response.statusCode ?? 0, headers: new Map(pairs), text: Buffer.concat(chunks).toString('utf8') });
      });
    });
    outgoing.on('error', (error) => {
      // The server closed a connection that was kept for the next request: that says nothing of this one.
      if (outgoing.reusedSocket && 'code' in error && error.code === 'ECONNRESET') done(request(url, options));
      else failed(error);
    });
    outgoing.end(body);
  });
}
