import { type Metric } from '../../metric.ts';
import { metricsOf, type MetricLine, numberOf } from '../metric-table.ts';

/** A JSON object of the management API. */
export type Json = Readonly<Record<string, unknown>>;

/** The most crowded ones; a server may have as many queues as it had clients. */
const queuesMax = 500;

/** Names, units and types of OpenTelemetry's rabbitmqreceiver, and the fields of /api/queues and of their `message_stats`. */
const queueLines: readonly MetricLine[] = [
  ['rabbitmq.consumer.count', '{consumers}', 'level', 'consumers'],
  ['rabbitmq.message.current', '{messages}', 'level', 'messages_ready', { attributes: { state: 'ready' } }],
  ['rabbitmq.message.current', '{messages}', 'level', 'messages_unacknowledged', { attributes: { state: 'unacknowledged' } }],
  ['rabbitmq.message.published', '{messages}', 'counter', 'publish'],
  ['rabbitmq.message.delivered', '{messages}', 'counter', 'deliver'],
  ['rabbitmq.message.acknowledged', '{messages}', 'counter', 'ack'],
  ['sonde.rabbitmq.message.redelivered', '{messages}', 'counter', 'redeliver'],
  ['sonde.rabbitmq.message.size', 'By', 'level', 'message_bytes'],
];

const nodeLines: readonly MetricLine[] = [
  ['rabbitmq.node.disk_free', '{bytes}', 'level', 'disk_free'],
  ['rabbitmq.node.disk_free_limit', '{bytes}', 'level', 'disk_free_limit'],
  ['rabbitmq.node.disk_free_alarm', '{status}', 'level', 'disk_free_alarm'],
  ['rabbitmq.node.mem_used', '{bytes}', 'level', 'mem_used'],
  ['rabbitmq.node.mem_limit', '{bytes}', 'level', 'mem_limit'],
  ['rabbitmq.node.mem_alarm', '{status}', 'level', 'mem_alarm'],
  ['rabbitmq.node.fd_used', '{fd}', 'level', 'fd_used'],
  ['rabbitmq.node.fd_total', '{fd}', 'level', 'fd_total'],
  ['rabbitmq.node.sockets_used', '{sockets}', 'level', 'sockets_used'],
  ['rabbitmq.node.sockets_total', '{sockets}', 'level', 'sockets_total'],
  ['rabbitmq.node.proc_used', '{processes}', 'level', 'proc_used'],
  ['rabbitmq.node.proc_total', '{processes}', 'level', 'proc_total'],
  ['sonde.rabbitmq.node.running', '1', 'gauge', 'running', { number: 'int' }],
  ['sonde.rabbitmq.node.run_queue', '{process}', 'gauge', 'run_queue', { number: 'int' }],
];

const serverLines: readonly MetricLine[] = [
  ['rabbitmq.message.dropped', '{messages}', 'counter', 'drop_unroutable'],
  ['sonde.rabbitmq.connections', '{connection}', 'level', 'connections'],
  ['sonde.rabbitmq.channels', '{channel}', 'level', 'channels'],
  ['sonde.rabbitmq.queues', '{queue}', 'level', 'queues'],
];

export function queueMetrics(queues: readonly Json[]): Metric[] {
  const waiting = (queue: Json): number =>
    (numberOf(queue['messages_ready']) ?? 0) + (numberOf(queue['messages_unacknowledged']) ?? 0);
  const subjects = queues
    .toSorted((a, b) => waiting(b) - waiting(a))
    .slice(0, queuesMax)
    .map((queue) => ({
      values: { ...queue, ...objectIn(queue, 'message_stats') },
      attributes: { 'rabbitmq.queue.name': String(queue['name']), 'rabbitmq.vhost.name': String(queue['vhost']) },
    }));
  return metricsOf(queueLines, subjects);
}

export function nodeMetrics(nodes: readonly Json[]): Metric[] {
  return metricsOf(
    nodeLines,
    nodes.map((node) => ({ values: node, attributes: { 'rabbitmq.node.name': String(node['name']) } })),
  );
}

export function serverMetrics(overview: Json): Metric[] {
  return metricsOf(serverLines, [
    { values: { ...objectIn(overview, 'object_totals'), ...objectIn(overview, 'message_stats') } },
  ]);
}

/** What has not happened yet is an empty list there, which JSON of Erlang does not tell from an empty object. */
export function objectIn(json: Json, key: string): Json {
  const value = json[key];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}
