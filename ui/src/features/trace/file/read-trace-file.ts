import type { Trace } from '@sonde/api';
import { spanKinds, statusCodes } from '@sonde/model';
import { judgeSpans, type ReadSpan } from './judge-spans.ts';
import { attributes, count, type Fields, FileError, id, isObject, list, nanos, object, string } from './fields.ts';

/**
 * The traces of a file, the largest first: OTLP/JSON (one export request, or one on each line as the collector's file exporter writes
 * them), or what the JSON tab of a trace downloads. Throws FileError, which says what is wrong and where.
 */
export function readTraceFile(text: string): Trace[] {
  const documents = parse(text);
  const found = new Map<string, FoundTrace>();
  documents.forEach((document, at) => {
    const prefix = documents.length > 1 ? `line ${at + 1}: ` : '';
    if (!isObject(document)) throw new FileError({ problem: 'shape' });
    if ('resourceSpans' in document) readRequest(document, prefix, found);
    else if ('spans' in document && 'resources' in document) readOwn(document, prefix, found);
    else throw new FileError({ problem: 'shape' });
  });
  const traces = [...found].map(([traceId, { spans, resources }]) => judgeSpans(traceId, spans, resources));
  if (traces.length === 0) throw new FileError({ problem: 'empty' });
  return traces.toSorted((a, b) => b.spans.length - a.spans.length);
}

interface FoundTrace {
  readonly spans: ReadSpan[];
  readonly resources: Trace['resources'][number][];
}

function parse(text: string): unknown[] {
  try {
    return [JSON.parse(quoteLargeIntegers(text))];
  } catch (cause) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    try {
      if (lines.length > 1) return lines.map((line) => JSON.parse(quoteLargeIntegers(line)) as unknown);
    } catch {
      // Neither one document nor one on each line: the first complaint is about the whole.
    }
    throw new FileError({ problem: 'json', detail: cause instanceof Error ? cause.message : String(cause) });
  }
}

/** Some write 64-bit integers bare, and JSON.parse would round them. Strings are matched whole, so that no part of one is quoted. */
function quoteLargeIntegers(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
    /^-?\d{16,}$/.test(token) ? `"${token}"` : token,
  );
}

function readRequest(request: Fields, prefix: string, found: Map<string, FoundTrace>): void {
  list(request['resourceSpans'], `${prefix}resourceSpans`).forEach((one, at) => {
    const path = `${prefix}resourceSpans[${at}]`;
    const { resource: rawResource, scopeSpans, schemaUrl } = object(one, path);
    const rawFields = object(rawResource, `${path}.resource`);
    const resource = {
      attributes: attributes(rawFields['attributes'], `${path}.resource.attributes`),
      droppedAttributesCount: count(rawFields['droppedAttributesCount']),
      schemaUrl: string(schemaUrl, `${path}.schemaUrl`),
    };
    list(scopeSpans, `${path}.scopeSpans`).forEach((raw, scopeAt) => {
      const scopePath = `${path}.scopeSpans[${scopeAt}]`;
      const fields = object(raw, scopePath);
      const scope = readScope(object(fields['scope'], `${scopePath}.scope`), fields['schemaUrl'], scopePath);
      list(fields['spans'], `${scopePath}.spans`).forEach((span, spanAt) => {
        const spanPath = `${scopePath}.spans[${spanAt}]`;
        const rawSpan = object(span, spanPath);
        const traceId = id(rawSpan['traceId'], `${spanPath}.traceId`, 'traceId');
        const trace = found.get(traceId) ?? { spans: [], resources: [] };
        found.set(traceId, trace);
        let index = trace.resources.indexOf(resource);
        if (index < 0) index = trace.resources.push(resource) - 1;
        trace.spans.push(readSpan(rawSpan, spanPath, index, resource.attributes, scope));
      });
    });
  });
}

function readScope(fields: Fields, schemaUrl: unknown, path: string): ReadSpan['scope'] {
  return {
    name: string(fields['name'], `${path}.scope.name`),
    version: string(fields['version'], `${path}.scope.version`),
    attributes: attributes(fields['attributes'], `${path}.scope.attributes`),
    schemaUrl: string(schemaUrl, `${path}.schemaUrl`),
  };
}

function readSpan(span: Fields, path: string, resource: number, of: Fields, scope: ReadSpan['scope']): ReadSpan {
  const status = object(span['status'], `${path}.status`);
  const text = (key: string) => (typeof of[key] === 'string' ? of[key] : '');
  return {
    spanId: id(span['spanId'], `${path}.spanId`, 'spanId'),
    parentSpanId: id(span['parentSpanId'], `${path}.parentSpanId`, 'parentSpanId'),
    service: text('service.name') || 'unknown_service',
    name: string(span['name'], `${path}.name`),
    kind: spanKinds[enumNumber(span['kind'], 'SPAN_KIND_', spanKinds)] ?? 'unspecified',
    startNano: nanos(span['startTimeUnixNano'], `${path}.startTimeUnixNano`),
    endNano: nanos(span['endTimeUnixNano'], `${path}.endTimeUnixNano`),
    status: {
      code: statusCodes[enumNumber(status['code'], 'STATUS_CODE_', statusCodes)] ?? 'unset',
      message: string(status['message'], `${path}.status.message`),
    },
    attributes: attributes(span['attributes'], `${path}.attributes`),
    droppedAttributesCount: count(span['droppedAttributesCount']),
    events: list(span['events'], `${path}.events`).map((raw, at) => {
      const event = object(raw, `${path}.events[${at}]`);
      return {
        timeUnixNano: String(nanos(event['timeUnixNano'], `${path}.events[${at}].timeUnixNano`)),
        name: string(event['name'], `${path}.events[${at}].name`),
        attributes: attributes(event['attributes'], `${path}.events[${at}].attributes`),
        droppedAttributesCount: count(event['droppedAttributesCount']),
      };
    }),
    droppedEventsCount: count(span['droppedEventsCount']),
    links: list(span['links'], `${path}.links`).map((raw, at) => {
      const link = object(raw, `${path}.links[${at}]`);
      return {
        traceId: id(link['traceId'], `${path}.links[${at}].traceId`, 'traceId'),
        spanId: id(link['spanId'], `${path}.links[${at}].spanId`, 'spanId'),
        traceState: string(link['traceState'], `${path}.links[${at}].traceState`),
        attributes: attributes(link['attributes'], `${path}.links[${at}].attributes`),
        droppedAttributesCount: count(link['droppedAttributesCount']),
        flags: count(link['flags']),
      };
    }),
    droppedLinksCount: count(span['droppedLinksCount']),
    traceState: string(span['traceState'], `${path}.traceState`),
    flags: count(span['flags']),
    resource,
    scope,
    host: text('host.name') || text('host.id'),
    instance: text('service.instance.id'),
  };
}

/** A number, as OTLP asks; a name, as protobuf's own JSON mapping writes it, is understood, too. */
function enumNumber(value: unknown, prefix: string, names: readonly string[]): number {
  if (typeof value !== 'string' || /^\d+$/.test(value)) return count(value);
  return names.indexOf(value.replace(prefix, '').toLowerCase());
}

/** A trace as this dashboard's API answers it: turned into a request, and read as one. */
function readOwn(trace: Fields, prefix: string, found: Map<string, FoundTrace>): void {
  const traceId = id(trace['traceId'], `${prefix}traceId`, 'traceId');
  const resources = list(trace['resources'], `${prefix}resources`).map((raw, at) => {
    const resource = object(raw, `${prefix}resources[${at}]`);
    return {
      attributes: { ...object(resource['attributes'], `${prefix}resources[${at}].attributes`) },
      droppedAttributesCount: count(resource['droppedAttributesCount']),
      schemaUrl: string(resource['schemaUrl'], `${prefix}resources[${at}].schemaUrl`),
    };
  });
  const spans = list(trace['spans'], `${prefix}spans`).map((raw, at): ReadSpan => {
    const path = `${prefix}spans[${at}]`;
    const span = object(raw, path);
    const index = count(span['resource']);
    const scope = object(span['scope'], `${path}.scope`);
    const own = readSpan(
      { ...span, endTimeUnixNano: '0', attributes: [], events: [], links: [] },
      path,
      index,
      resources[index]?.attributes ?? {},
      readScope({ ...scope, attributes: [] }, scope['schemaUrl'], path),
    );
    const status = object(span['status'], `${path}.status`);
    const events = list(span['events'], `${path}.events`) as ReadSpan['events'];
    const links = list(span['links'], `${path}.links`) as ReadSpan['links'];
    return {
      ...own,
      service: string(span['service'], `${path}.service`) || own.service,
      kind: spanKinds.find((kind) => kind === span['kind']) ?? 'unspecified',
      status: { ...own.status, code: statusCodes.find((code) => code === status['code']) ?? 'unset' },
      endNano: own.startNano + nanos(span['durationNs'], `${path}.durationNs`),
      attributes: { ...object(span['attributes'], `${path}.attributes`) },
      scope: { ...own.scope, attributes: { ...object(scope['attributes'], `${path}.scope.attributes`) } },
      events,
      links,
    };
  });
  if (spans.length > 0) found.set(traceId, { spans, resources });
}
