import { mongodb, mysql, postgresql, redis } from './databases.ts';
import type { KindPage } from './figure.ts';
import { activemq, kafka, rabbitmq } from './queues.ts';
import { nginx, tomcat, zookeeper } from './servers.ts';

/** The page of each kind that can report itself. */
export const kindPages: readonly KindPage[] = [
  nginx,
  redis,
  postgresql,
  mysql,
  mongodb,
  rabbitmq,
  kafka,
  activemq,
  tomcat,
  zookeeper,
];

const nothing = { figures: [], charts: [], tables: [] } as const;

/** Of a kind that nobody described there is nothing to show but that it is up. */
export function kindPage(kind: string): KindPage {
  return kindPages.find((page) => page.kind === kind) ?? { kind, ...nothing };
}
