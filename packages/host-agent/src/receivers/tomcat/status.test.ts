import { expect, test } from 'vitest';
import { parseStatus, statusMetrics } from './status.ts';

const linesOf = (text: string): string[] =>
  statusMetrics(parseStatus(text) ?? { pools: [], connectors: [], contexts: [] }).flatMap(({ name, points }) =>
    points.map(({ value, attributes }) => `${[name, ...Object.values(attributes)].join(' ')}: ${value}`),
  );

// Captured from Tomcat 10.1.60, shortened; the sessions are those of a shop that was used.
const json = `{"tomcat":{
  "jvm":{
    "memory":{"free":54130480,"total":64880640,"max":64880640},
    "memorypool":[
      {"name":"Eden Space","type":"Heap memory","usageInit":17891328,"usageCommitted":17891328,"usageMax":17891328,"usageUsed":3490112},
      {"name":"Metaspace","type":"Non-heap memory","usageInit":0,"usageCommitted":12255232,"usageMax":-1,"usageUsed":11932240}
    ]
  },
  "connector":[
    {
      "name":"http-nio-8080",
      "threadInfo":{"maxThreads":10,"currentThreadCount":2,"currentThreadsBusy":1},
      "requestInfo":{"maxTime":66,"processingTime":1073,"requestCount":3,"errorCount":1,"bytesReceived":0,"bytesSent":4536}
    }],
  "context":[
    {"name":"localhost/","state":"STARTED","manager":{"activeSessions":0,"sessionCounter":0}},
    {
      "name":"localhost/shop","state":"STARTED","startupTime":0,"tldScanTime":0,
      "manager":{"activeSessions":2,"sessionCounter":7,"maxActive":4,"rejectedSessions":0,"expiredSessions":5,"sessionMaxAliveTime":61,"sessionAverageAliveTime":30,"processingTime":0},
      "jsp":{"jspCount":0,"jspReloadCount":0},
      "wrapper":[{"servletName":"Status","processingTime":38,"maxTime":36,"requestCount":4,"errorCount":0,"loadTime":8}]
    }
  ]
}}`;

const connectorLines = [
  'tomcat.error.count http-nio-8080: 1',
  'tomcat.request.count http-nio-8080: 3',
  'tomcat.request.duration.max http-nio-8080: 0.066',
  'tomcat.request.duration.sum http-nio-8080: 1.073',
  'tomcat.network.io http-nio-8080 receive: 0',
  'tomcat.network.io http-nio-8080 transmit: 4536',
  'tomcat.thread.count http-nio-8080: 2',
  'tomcat.thread.limit http-nio-8080: 10',
  'tomcat.thread.busy.count http-nio-8080: 1',
];
const memoryLines = [
  'jvm.memory.used heap Eden Space: 3490112',
  'jvm.memory.used non_heap Metaspace: 11932240',
  'jvm.memory.committed heap Eden Space: 17891328',
  'jvm.memory.committed non_heap Metaspace: 12255232',
  'jvm.memory.limit heap Eden Space: 17891328',
];

test('JSON: connectors, sessions by context, and memory pools; no limit is no number', () => {
  expect(linesOf(json)).toEqual([
    ...connectorLines,
    'tomcat.session.active.count /shop localhost: 2',
    'tomcat.session.active.count / localhost: 0',
    'tomcat.session.active.max /shop localhost: 4',
    'tomcat.session.created /shop localhost: 7',
    'tomcat.session.created / localhost: 0',
    'tomcat.session.duration.max /shop localhost: 61',
    'tomcat.session.duration.mean /shop localhost: 30',
    'tomcat.session.expired /shop localhost: 5',
    'tomcat.session.rejected /shop localhost: 0',
    ...memoryLines,
  ]);
});

// Captured from the same server, with one pool and one worker left out.
const xml = `<?xml version="1.0" encoding="utf-8"?><?xml-stylesheet type="text/xsl" href="/manager/xform.xsl" ?>
<status><jvm><memory free='54282992' total='64880640' max='64880640'/><memorypool name='Eden Space' type='Heap memory' usageInit='17891328' usageCommitted='17891328' usageMax='17891328' usageUsed='3490112'/><memorypool name='Metaspace' type='Non-heap memory' usageInit='0' usageCommitted='12255232' usageMax='-1' usageUsed='11932240'/></jvm><connector name='"http-nio-8080"'><threadInfo  maxThreads="10" currentThreadCount="2" currentThreadsBusy="1" /><requestInfo  maxTime="66" processingTime="1073" requestCount="3" errorCount="1" bytesReceived="0" bytesSent="4536" /><workers><worker  stage="S" requestProcessingTime="1" requestBytesSent="0" requestBytesReceived="0" remoteAddr="127.0.0.1" virtualHost="127.0.0.1" method="GET" currentUri="/manager/status" currentQueryString="XML=true" protocol="HTTP/1.1" /></workers></connector></status>`;

test('XML says the same but for the sessions, which it does not know', () => {
  expect(parseStatus(xml)?.contexts).toBeUndefined();
  expect(linesOf(xml)).toEqual([...connectorLines, ...memoryLines]);
});

test('a page for people, and JSON of something else, are no status', () => {
  expect(parseStatus('<!doctype html><html lang="en"><head><title>Server Status</title>')).toBeUndefined();
  expect(parseStatus('{"status":"UP"}')).toBeUndefined();
});
