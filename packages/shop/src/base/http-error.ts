/** An answer other than 2xx: thrown by a handler, turned into a reply by the server. Fastify reads `statusCode` too. */
export class HttpError extends Error {
  readonly statusCode: number;

  constructor(statusCode: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.statusCode = statusCode;
  }
}
