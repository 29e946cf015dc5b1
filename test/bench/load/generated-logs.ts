/**
 * Log records of 200 services made inside the engine, seeded: three loggers (JavaScript: milliseconds; Java: microseconds, observed a little
 * later; a file that is read: milliseconds, observed when it was read), thirty messages with numbers, ids and paths, stack traces in one of a
 * hundred, five attributes, and a trace in four of ten, which two records share.
 */
export interface GeneratedLogs {
  readonly fromMs: number;
  readonly toMs: number;
  /** Of the whole range. */
  readonly records: number;
}

/** `{n}` a number, `{id}` 16 hex digits, `{u}` a user, `{ms}` a time, `{p}` a path, `{ip}` an address, `{s}` a status, `{b}` a size. */
const messages = [
  '{ip} - - "GET {p} HTTP/1.1" {s} {b} "-" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36" {ms}',
  '{ip} - {u} "POST {p} HTTP/1.1" {s} {b} "https://shop.example/cart" "okhttp/4.12.0" {ms}',
  '{ip} - - "GET /healthz HTTP/1.1" 200 2 "-" "kube-probe/1.30" 0.001',
  'request completed: GET {p} {s} in {ms} s',
  'incoming request {id} POST {p}',
  'Order {n} of {u} was placed, {b} cents, payment {id}',
  'Payment {id} authorised by provider in {ms} s',
  'cache miss for key cart:{n}, loading from database',
  'cache hit for key session:{id}',
  'Executed query SELECT * FROM orders WHERE id = {n} in {ms} s, {s} rows',
  'Connection pool shop-db: active {s}, idle 7, waiting 0',
  'Published message {id} to topic orders.placed, partition {s}, offset {n}',
  'Consumed message {id} from topic orders.placed, partition {s}, offset {n}, lag {b}',
  'Retrying call to inventory after {ms} s: connection reset by peer {ip}:8080',
  'User {u} logged in from {ip}',
  'User {u} failed to log in from {ip}: bad password',
  'Token {id} of {u} expires in {n} s',
  'Uploaded {p} ({b} bytes) to bucket media-eu in {ms} s',
  'Thumbnail of {p} rendered in {ms} s',
  'Job {id} started on worker {s}',
  'Job {id} finished: {n} items, {b} bytes, {ms} s',
  'GC pause (G1 Evacuation Pause) (young) {b}K->{n}K {ms} s',
  'Flushed {s} entries of the index to disk in {ms} s',
  'Rate limit of client {ip} exceeded: {n} requests in the last minute',
  'Circuit breaker payment-gateway is half open, probing with request {id}',
  'Feature flag new-checkout is on for {u}',
  'Sending e-mail template order-confirmation to {u}@example.com, message id {id}',
  'Slow query ({ms} s): UPDATE stock SET amount = amount - 1 WHERE sku = {n} AND warehouse = {s}',
  '{"event":"checkout","user":"{u}","order":{n},"amount":{b},"trace":"{id}"}',
  'Configuration reloaded from {p}, revision {id}',
];
const frames = ['controller.OrderController.place', 'service.PaymentService.charge', 'client.HttpClient.send', 'pool.ConnectionPool.acquire',
  'repository.OrderRepository.save', 'filter.AuthFilter.doFilter', 'worker.TaskRunner.run', 'net.SocketChannel.read']; // prettier-ignore
const loggers = ['http.access', 'order.service', 'payment.client', 'cache.manager', 'db.pool', 'job.runner'];
const list = (values: readonly string[]) => `[${values.map((value) => `'${value}'`).join(', ')}]`;
const second = 1_000_000_000;

const message = [
  ['{n}', 'toString(cityHash64(n, 1) % 1000000)'],
  ['{id}', 'lower(hex(cityHash64(n, 2)))'],
  ['{u}', `concat('u', toString(cityHash64(n, 3) % 100000))`],
  ['{ms}', 'toString(round(0.002 * exp((cityHash64(n, 4) % 1000) / 180), 3))'],
  [
    '{p}',
    `concat('/api/v1/', ['orders', 'carts', 'users', 'media', 'stock'][cityHash64(n, 5) % 5 + 1], '/', toString(cityHash64(n, 6) % 50000))`,
  ],
  [
    '{ip}',
    `concat('10.', toString(cityHash64(n, 7) % 4), '.', toString(cityHash64(n, 8) % 256), '.', toString(cityHash64(n, 9) % 256))`,
  ],
  ['{s}', 'toString([200, 200, 200, 201, 204, 304, 404, 500][cityHash64(n, 10) % 8 + 1])'],
  ['{b}', 'toString(cityHash64(n, 11) % 60000)'],
].reduce(
  (text, [mark, value]) => `replaceAll(${text}, '${mark}', ${value})`,
  `${list(messages)}[cityHash64(service_number, n % 6) % 30 + 1]`,
);

/** Twenty frames; which they are follows from the place where it was thrown, of which a service has three. */
const stack = `concat('java.lang.IllegalStateException: order ', toString(cityHash64(n, 1) % 1000000), ' is not payable', arrayStringConcat(arrayMap(
  f -> concat('\\n\\tat com.example.shop.', ${list(frames)}[cityHash64(service_number, n % 3, f) % 8 + 1], '(Source.java:', toString(cityHash64(service_number, n % 3, f, 1) % 400), ')'), range(20))))`;

export function insertLogs({ fromMs, records, toMs }: GeneratedLogs, from: number, count: number): string {
  const gapNs = ((toMs - fromMs) * 1e6) / records;
  return `
INSERT INTO logs (timestamp, observed_timestamp, received_at, trace_id, span_id, flags, severity_number, severity_text, body, body_type,
  service, version, instance, host, environment, resource_id, scope_name, attributes, attribute_types)
SELECT fromUnixTimestamp64Nano(time_ns, 'UTC'), fromUnixTimestamp64Nano(observed_ns, 'UTC'),
  fromUnixTimestamp64Milli(1000 * intDiv(observed_ns + phase_ns, ${second}) + 1000 - intDiv(phase_ns, 1000000) + toInt64(cityHash64(instance, intDiv(observed_ns + phase_ns, ${second})) % 40), 'UTC'),
  if(traced, toFixedString(reinterpretAsString(sipHash128(intDiv(n, 5), 1)), 16), toFixedString('', 16)),
  if(traced, toFixedString(reinterpretAsString(sipHash64(intDiv(n, 5), if(same, 0, n % 5))), 8), toFixedString('', 8)), traced,
  [17, 17, 13, 13, 13, 13, 13, 5, 5, 5, 5, 5, 5, 5, 5][least(cityHash64(n, 30) % 100, 14) + 1] * (cityHash64(n, 30) % 100 < 15) + 9 * (cityHash64(n, 30) % 100 >= 15) AS severity,
  transform(severity, [5, 9, 13, 17], ['DEBUG', 'INFO', 'WARN', 'ERROR'], ''),
  if(cityHash64(n, 30) % 100 = 0, ${stack}, ${message}), 's',
  concat('service-', toString(service_number)), '1.4.2', concat('service-', toString(service_number), '-', toString(replica)) AS instance,
  concat('host-', toString(cityHash64(service_number, replica) % 60)), 'production', cityHash64(service_number, replica),
  if(logger_kind = 1, logger, ['@opentelemetry/instrumentation-pino', '', 'filelog'][logger_kind + 1]),
  map('http.route', concat('/api/v1/', toString(cityHash64(service_number, n % 6, 12) % 400), '/:id'), 'thread.name', concat('worker-', toString(cityHash64(n, 13) % 16)),
    'logger.name', logger, 'request.id', lower(hex(cityHash64(n, 14))), 'duration_ms', toString(round(2 * exp((cityHash64(n, 15) % 1000) / 180), 3))), 'ssssd'
FROM (
  SELECT number AS n, n % 5 < 2 AS traced, n % 10 = 1 AS same, cityHash64(if(same, n - 1, n), 20) AS seed,
    toUInt32(200 * pow((seed % 1000000) / 1000000, 2)) AS service_number, service_number % 3 AS logger_kind, intDiv(seed, 1000000) % 3 AS replica,
    ${list(loggers)}[cityHash64(service_number, n % 6, 16) % 6 + 1] AS logger,
    toInt64(${fromMs} * 1000000 + n * ${gapNs} + cityHash64(n, 21) % 3000000) AS happened_ns, toInt64(cityHash64(service_number, replica, 22) % ${second}) AS phase_ns,
    multiIf(logger_kind = 1, intDiv(happened_ns, 1000) * 1000, intDiv(happened_ns, 1000000) * 1000000) AS time_ns,
    multiIf(logger_kind = 0, time_ns, logger_kind = 1, time_ns + 4000 + toInt64(cityHash64(n, 23) % 150000),
      intDiv(happened_ns + phase_ns, 200000000) * 200000000 - phase_ns + 200000000 + toInt64(cityHash64(n, 24) % 3000000)) AS observed_ns
  FROM numbers_mt(${from}, ${count})
)
SETTINGS max_partitions_per_insert_block = 0, max_insert_threads = 2`;
}
