import { type KindPage, level, line, linesBy, rate } from './figure.ts';

const requests = '{request}/s';
const connection = '{connection}';

export const nginx: KindPage = {
  kind: 'nginx',
  figures: [
    { id: 'requests', unit: requests, of: [rate('nginx.requests')] },
    { id: 'connections', unit: connection, of: [level('nginx.connections_current', { state: 'active' })] },
    { id: 'waitingConnections', unit: connection, of: [level('nginx.connections_current', { state: 'waiting' })] },
    {
      id: 'refused',
      unit: '1',
      of: [rate('nginx.connections_handled')],
      over: [rate('nginx.connections_accepted')],
      complement: true,
    },
  ],
  charts: [
    { id: 'requests', unit: requests, lines: [line('requests', rate('nginx.requests'))] },
    {
      id: 'connections',
      unit: connection,
      stacked: true,
      lines: ['reading', 'writing', 'waiting'].map((state) => line(state, level('nginx.connections_current', { state }))),
    },
    {
      id: 'newConnections',
      unit: '{connection}/s',
      lines: [line('accepted', rate('nginx.connections_accepted')), line('handled', rate('nginx.connections_handled'))],
    },
    {
      id: 'requestsPerConnection',
      unit: '{request}',
      lines: [{ name: 'mean', of: [rate('nginx.requests')], over: [rate('nginx.connections_handled')] }],
    },
    { id: 'accessLog', unit: '{line}/s', lines: [linesBy('outcome', rate('sonde.nginx.access_log.lines'))] },
  ],
  tables: [],
};

const threads = {
  unit: '1',
  of: [level('tomcat.thread.busy.count')],
  over: [level('tomcat.thread.limit')],
} as const;
const timePerRequest = { of: [rate('tomcat.request.duration.sum')], over: [rate('tomcat.request.count')] } as const;

export const tomcat: KindPage = {
  kind: 'tomcat',
  figures: [
    { id: 'requests', unit: requests, of: [rate('tomcat.request.count')] },
    { id: 'errors', unit: '1', of: [rate('tomcat.error.count')], over: [rate('tomcat.request.count')] },
    { id: 'timePerRequest', unit: 's', ...timePerRequest },
    { id: 'threadsBusy', ...threads },
    { id: 'sessions', unit: '{session}', of: [level('tomcat.session.active.count')] },
  ],
  charts: [
    {
      id: 'requests',
      unit: requests,
      lines: [line('requests', rate('tomcat.request.count')), line('errors', rate('tomcat.error.count'))],
    },
    { id: 'timePerRequest', unit: 's', lines: [{ name: 'mean', ...timePerRequest }] },
    {
      id: 'threads',
      unit: '{thread}',
      lines: [
        line('busy', level('tomcat.thread.busy.count')),
        line('all', level('tomcat.thread.count')),
        line('limit', level('tomcat.thread.limit')),
      ],
    },
    { id: 'network', unit: 'By/s', lines: [linesBy('network.io.direction', rate('tomcat.network.io'))] },
    {
      id: 'sessions',
      unit: '{session}',
      stacked: true,
      lines: [linesBy('tomcat.context', level('tomcat.session.active.count'))],
    },
  ],
  tables: [
    {
      id: 'connectors',
      by: ['tomcat.request.processor.name'],
      columns: [
        { id: 'requests', unit: requests, of: [rate('tomcat.request.count')] },
        { id: 'errors', unit: '1', of: [rate('tomcat.error.count')], over: [rate('tomcat.request.count')] },
        { id: 'timePerRequest', unit: 's', ...timePerRequest },
      ],
    },
  ],
};

export const zookeeper: KindPage = {
  kind: 'zookeeper',
  figures: [
    { id: 'connections', unit: connection, of: [level('zookeeper.connection.active')] },
    { id: 'outstanding', unit: '{request}', of: [level('zookeeper.request.active')] },
    { id: 'latency', unit: 's', of: [level('zookeeper.latency.avg')], combine: 'max', scale: 1e-3 },
    { id: 'packets', unit: '{packet}/s', of: [rate('zookeeper.packet.count', { direction: 'received' })] },
    { id: 'znodes', unit: '{znode}', of: [level('zookeeper.znode.count')] },
  ],
  charts: [
    {
      id: 'latency',
      unit: 's',
      lines: ['avg', 'max'].map((word) => ({
        ...line(word, level(`zookeeper.latency.${word}`)),
        combine: 'max' as const,
        scale: 1e-3,
      })),
    },
    { id: 'outstanding', unit: '{request}', lines: [line('requests', level('zookeeper.request.active'))] },
    { id: 'packets', unit: '{packet}/s', lines: [linesBy('direction', rate('zookeeper.packet.count'))] },
    { id: 'connections', unit: connection, lines: [line('connected', level('zookeeper.connection.active'))] },
    {
      id: 'followers',
      unit: '{follower}',
      stacked: true,
      lines: [linesBy('state', level('zookeeper.follower.count')), line('pending', level('zookeeper.sync.pending'))],
    },
    {
      id: 'tree',
      unit: '{znode}',
      lines: [
        line('znodes', level('zookeeper.znode.count')),
        line('ephemeral', level('zookeeper.data_tree.ephemeral_node.count')),
        line('watches', level('zookeeper.watch.count')),
      ],
    },
    { id: 'size', unit: 'By', lines: [line('tree', level('zookeeper.data_tree.size'))] },
    {
      id: 'descriptors',
      unit: '1',
      max: 1,
      lines: [
        {
          name: 'used',
          of: [level('zookeeper.file_descriptor.open')],
          over: [level('zookeeper.file_descriptor.limit')],
        },
      ],
    },
    { id: 'slowSyncs', unit: '{event}/s', lines: [line('fsync', rate('zookeeper.fsync.exceeded_threshold.count'))] },
  ],
  tables: [],
};
