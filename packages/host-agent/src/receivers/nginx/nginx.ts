import { ScrapeError } from '../failure.ts';
import { httpGet } from '../http.ts';
import { receiverKind } from '../receiver.ts';
import { hostPortOf, integerSetting, textSetting, urlSetting } from '../settings.ts';
import { AccessLog } from './access-log.ts';
import { stubStatusMetrics } from './stub-status.ts';

const statusBytesMax = 4096;

export const nginx = receiverKind({
  kind: 'nginx',
  settings: {
    endpoint: urlSetting({ default: undefined, sentence: 'The location that has `stub_status`.' }),
    access_log: textSetting({
      default: '',
      sentence: 'A log file in the format below, whose lines become spans; empty means none.',
    }),
    service: textSetting({ default: 'nginx', sentence: 'The `service.name` of these spans.' }),
    spans_per_second: integerSetting({ default: '1000', sentence: 'Requests beyond are counted and dropped.' }, 1, 10_000),
  },
  system: {},
  server: ({ endpoint }) => hostPortOf(endpoint),
  open({ endpoint, access_log: path, service, spans_per_second: spansPerSecond }, context) {
    const accessLog = path === '' ? undefined : new AccessLog(path, service, spansPerSecond, context);
    return {
      async scrape(signal) {
        const { status, headers, text } = await httpGet(endpoint, { signal, bytesMax: statusBytesMax });
        const metrics = status === 200 ? stubStatusMetrics(text) : undefined;
        if (metrics === undefined) throw notStatus(endpoint, status);
        const version = /^nginx\/([\d.]+)/.exec(headers.get('server') ?? '')?.[1];
        return {
          ...(version === undefined ? {} : { resource: { 'nginx.version': version } }),
          metrics: [...metrics, ...(accessLog?.metrics() ?? [])],
          gaps: accessLog?.gaps() ?? [],
        };
      },
      async close() {
        await accessLog?.close();
      },
    };
  },
});

function notStatus(endpoint: URL, status: number): ScrapeError {
  const location = `location = ${endpoint.pathname} { stub_status; }`;
  if (status === 401 || status === 403) {
    return new ScrapeError(
      'forbidden',
      `nginx answers ${status} to ${endpoint.href}: \`allow\` the address of this machine there`,
    );
  }
  return new ScrapeError('unexpected', `${endpoint.href} (status ${status}) is not nginx's status: it needs \`${location}\``);
}
