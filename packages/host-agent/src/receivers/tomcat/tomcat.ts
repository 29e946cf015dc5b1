import { ScrapeError } from '../failure.ts';
import { httpGet } from '../http.ts';
import { receiverKind } from '../receiver.ts';
import { hostPortOf, textSetting, urlSetting } from '../settings.ts';
import { parseStatus, type Status, statusMetrics } from './status.ts';

const answerBytesMax = 8 * 2 ** 20;

export const tomcat = receiverKind({
  kind: 'tomcat',
  settings: {
    endpoint: urlSetting({ default: undefined, sentence: 'The manager application: `http://127.0.0.1:8080/manager`.' }),
    username: textSetting({ default: undefined, sentence: 'A user with the role `manager-status`.' }),
    password: textSetting({ default: undefined, sentence: 'Of that user.', secret: true }),
  },
  system: {},
  server: ({ endpoint }) => hostPortOf(endpoint),
  open({ endpoint, username, password }) {
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const base = endpoint.href.replace(/\/?$/, '/status');
    const ask = (path: string, signal: AbortSignal): Promise<Status | undefined> =>
      statusAt(new URL(base + path), authorization, username, signal);
    return {
      async scrape(signal) {
        // Servers of before 2023 know no JSON and give their page for people.
        const status = (await ask('/all?JSON=true', signal)) ?? (await ask('?XML=true', signal));
        if (status === undefined) throw noManager(endpoint);
        const gaps =
          status.contexts === undefined ? ['no sessions: this version of Tomcat does not tell them (10.1 does)'] : [];
        return { metrics: statusMetrics(status), gaps };
      },
      async close() {},
    };
  },
});

async function statusAt(url: URL, authorization: string, username: string, signal: AbortSignal): Promise<Status | undefined> {
  const { status, text } = await httpGet(url, { headers: { authorization }, signal, bytesMax: answerBytesMax });
  if (status === 401) {
    throw new ScrapeError(
      'forbidden',
      'Tomcat refuses the user or the password: correct `username` and `password`, or conf/tomcat-users.xml',
    );
  }
  if (status === 403) {
    throw new ScrapeError(
      'forbidden',
      `${username} may not see the status: give it the role manager-status in conf/tomcat-users.xml, and let this machine's address in with the RemoteCIDRValve (RemoteAddrValve) of the manager's context.xml`,
    );
  }
  if (status !== 200) throw noManager(url, status);
  return parseStatus(text);
}

function noManager(url: URL, status = 200): ScrapeError {
  return new ScrapeError(
    'unexpected',
    `${url.origin} (status ${status}) does not answer as Tomcat's manager: install it (Debian: tomcat10-admin), or correct \`endpoint\``,
  );
}
