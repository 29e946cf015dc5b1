interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

/**
 * kafkajs 2.2.4 looks each millisecond for requests that wait, for as long as it is connected and whether any waits or not (its issues 1556,
 * 1704): 3 % of a core. From here on it looks only while one waits. What is changed is none of its public parts: package.json names the version.
 */
export async function lookOnlyWhileRequestsWait(): Promise<void> {
  // @ts-expect-error: kafkajs has no types of what is within it.
  const { default: Queue } = (await import('kafkajs/src/network/requestQueue/index.js')) as {
    default: { readonly prototype: RequestQueue };
  };
  const schedule = Reflect.get(Queue.prototype, 'scheduleCheckPendingRequests');
  Queue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.pending.length > 0) schedule.call(this);
  };
}
