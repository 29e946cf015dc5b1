import { ScrapeError } from '../failure.ts';
import { numberOf } from '../metric-table.ts';
import { receiverKind } from '../receiver.ts';
import { hostPortOf, textSetting, urlSetting } from '../settings.ts';
import { type Beans, brokerMetrics, destinationMetrics, questions } from './answers.ts';
import { type Answer, ask, refusedByPolicy } from './jolokia.ts';

export const activemq = receiverKind({
  kind: 'activemq',
  settings: {
    endpoint: urlSetting({
      default: undefined,
      sentence: 'Jolokia: `http://127.0.0.1:8161/api/jolokia` is that of the console.',
    }),
    username: textSetting({ default: '', sentence: 'A user of the console; empty means that none is asked for.' }),
    password: textSetting({ default: '', sentence: 'Of that user.', secret: true }),
  },
  system: { 'messaging.system': 'activemq' },
  server: ({ endpoint }) => hostPortOf(endpoint),
  open: (settings) => ({
    async scrape(signal) {
      const [broker, ...rest] = await ask(settings, questions, signal);
      if (broker?.status === 403) throw refusedByPolicy(broker.error);
      const brokers = beansOf(broker);
      const [values] = Object.values(brokers);
      if (values === undefined) throw noBroker(broker);
      const gaps = rest
        .filter(({ status }) => status === 403)
        .map(({ error }) => `no destinations: ${refusedByPolicy(error).message}`);
      const uptimeMs = numberOf(values['UptimeMillis']);
      return {
        ...(uptimeMs === undefined ? {} : { startTimeMs: Date.now() - uptimeMs }),
        resource: { 'activemq.version': String(values['BrokerVersion']), 'activemq.broker.name': String(values['BrokerName']) },
        metrics: [...brokerMetrics(brokers), ...destinationMetrics(Object.assign({}, ...rest.map(beansOf)) as Beans)],
        gaps: [...new Set(gaps)],
      };
    },
    async close() {},
  }),
});

/** That no MBean has such a name is an error with 404: a broker without topics, for one. */
function beansOf(answer: Answer | undefined): Beans {
  const value = answer?.status === 200 ? answer.value : undefined;
  return typeof value === 'object' && value !== null ? (value as Beans) : {};
}

function noBroker(answer: Answer | undefined): ScrapeError {
  return answer === undefined || answer.status === 404
    ? new ScrapeError(
        'unexpected',
        'Jolokia knows no broker in its process: useJmx="true" in activemq.xml, or correct `endpoint`',
      )
    : new ScrapeError('unexpected', `Jolokia answers: ${answer.error.slice(0, 200)} (${answer.status})`);
}
