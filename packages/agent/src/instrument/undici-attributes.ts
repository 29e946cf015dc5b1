/** Semantic conventions "HTTP", `url.query`: values of these are replaced by `REDACTED`. The list that the instrumentation of node:http uses. */
const secret = new Set(
  'sig Signature AWSAccessKeyId X-Goog-Signature X-Amz-Signature X-Amz-Credential X-Amz-Security-Token'.split(' '),
);

/**
 * Where the undici instrumentation differs from the conventions: it sends `http.request.method_original` always, `url.query` with its
 * question mark, and signatures unredacted. What is undefined here is not sent.
 */
export function undiciAttributes(request: { readonly method: string; readonly origin: string; readonly path: string }) {
  const attributes: Record<string, string> = {};
  const question = request.path.indexOf('?');
  const query = question < 0 ? undefined : redact(request.path.slice(question + 1));
  if (query !== undefined && URL.canParse(request.path, request.origin)) {
    attributes['url.full'] = new URL(`${request.path.slice(0, question)}?${query}`, request.origin).href;
  }
  return {
    ...attributes,
    'url.query': query,
    ...(request.method === request.method.toUpperCase() ? { 'http.request.method_original': undefined } : {}),
  };
}

function redact(query: string): string {
  return query
    .split('&')
    .map((pair) => {
      const equals = pair.indexOf('=');
      return equals > 0 && secret.has(pair.slice(0, equals)) ? `${pair.slice(0, equals)}=REDACTED` : pair;
    })
    .join('&');
}
