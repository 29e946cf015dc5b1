import { activemq } from './activemq/activemq.ts';
import { kafka } from './kafka/kafka.ts';
import { mongodb } from './mongodb/mongodb.ts';
import { mysql } from './mysql/mysql.ts';
import { nginx } from './nginx/nginx.ts';
import { postgresql } from './postgresql/postgresql.ts';
import { rabbitmq } from './rabbitmq/rabbitmq.ts';
import { type ReceiverKind } from './receiver.ts';
import { redis } from './redis/redis.ts';
import { tomcat } from './tomcat/tomcat.ts';
import { zookeeper } from './zookeeper/zookeeper.ts';

/** Every kind of middleware that can be configured. */
export const kinds: readonly ReceiverKind[] = [
  nginx,
  redis,
  postgresql,
  mysql,
  rabbitmq,
  zookeeper,
  tomcat,
  activemq,
  mongodb,
  kafka,
];
