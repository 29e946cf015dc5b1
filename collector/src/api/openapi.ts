import { type Operation, operations, Problem } from '@sonde/api';
import type { TObject, TSchema } from 'typebox';
import { problems } from './problems.ts';

/** The API as OpenAPI 3.1, whose schemas are JSON Schema, as ours are. */
export function openApiDocument() {
  const all: readonly Operation[] = Object.values(operations);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sonde',
      version: '1',
      summary: 'Traces, metrics and logs of application, middleware and host, joined.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/api/v1' }],
    paths: pathsOf(all),
    components: { schemas: { Problem } },
  };
}

type Paths = Record<string, Partial<Record<'get' | 'put', ReturnType<typeof operationObject>>>>;

function pathsOf(all: readonly Operation[]): Paths {
  const paths: Paths = {};
  for (const operation of all) {
    paths[operation.path] = { ...paths[operation.path], [operation.method ?? 'get']: operationObject(operation) };
  }
  return paths;
}

function operationObject(operation: Operation) {
  return {
    operationId: operation.id,
    summary: operation.summary,
    parameters: [...parameters('path', operation.params), ...parameters('query', operation.query)],
    ...(operation.body && { requestBody: { required: true, content: { 'application/json': { schema: operation.body } } } }),
    responses: {
      '200': { description: operation.summary, content: { 'application/json': { schema: operation.reply } } },
      default: {
        description: `A problem document (RFC 9457). Codes: ${Object.keys(problems).join(', ')}.`,
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

function parameters(place: 'path' | 'query', schema: TObject) {
  const properties: Readonly<Record<string, TSchema>> = schema.properties;
  // Absent where nothing is required, whatever its type says.
  const required: readonly string[] = 'required' in schema ? schema.required : [];
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...('description' in property ? { description: property.description } : {}),
    // A list is repeated: attribute=a=b&attribute=c=d.
    ...(place === 'query' ? { style: 'form', explode: true } : {}),
    schema: property,
  }));
}
